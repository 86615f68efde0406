/*
 * Loops take four samples at once to their end. What they read beyond it is thrown away (the pool leaves room behind what it lends); what they
 * write is cut off.
 */

/** Stores the first `count` lanes: all four from four on, none below one. */
export function put(to: usize, lanes: v128, count: i32): void {
  if (count >= 4) {
    v128.store(to, lanes);
    return;
  }
  if (count > 0) store<f32>(to, f32x4.extract_lane(lanes, 0));
  if (count > 1) store<f32>(to, f32x4.extract_lane(lanes, 1), 4);
  if (count > 2) store<f32>(to, f32x4.extract_lane(lanes, 2), 8);
}

/** (l0 + l1) + (l2 + l3). */
export function sumOf(lanes: v128): f32 {
  const pairs = f32x4.add(lanes, v128.shuffle<f32>(lanes, lanes, 1, 0, 3, 2));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 2);
}
