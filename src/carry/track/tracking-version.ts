/**
 * Raised whenever tracking makes other shots or tracks of the same pictures and the same answers of networks: kept tracks of another
 * version are not used. A test pins what drawn scenes come to under it.
 */
export const TRACKING_VERSION = 1;
