/**
 * What commands of a farm run, loaded on use. It stands in a file of its own, since TypeScript (6.0) does not rewrite the extension of a
 * dynamic import in a file that has a `using` declaration.
 */
export const loadQueue = async () => ({
  ...(await import('../farm/queue/farm.ts')),
  ...(await import('../farm/queue/connect.ts')),
});

export const loadOrders = async () => ({
  ...(await import('../farm/queue/find-order.ts')),
  ...(await import('../farm/queue/end-order.ts')),
  ...(await import('../farm/order/mapped-place.ts')),
  ...(await import('../farm/order/path-maps.ts')),
});

export const loadWorker = async () => ({
  ...(await import('../farm/order/path-maps.ts')),
  ...(await import('../farm/order/order.ts')),
  ...(await import('../media/ffmpeg/ffmpeg.ts')),
  ...(await import('../farm/work/farm-storage.ts')),
  ...(await import('../farm/work/farm-worker.ts')),
});
