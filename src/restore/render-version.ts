/**
 * Which pixels this program makes: raised by one whenever the same inputs give other pixels, so that a take rendered before is
 * rendered anew. Golden frames (`test/golden`) tell when that is.
 */
export const RENDER_VERSION = 5;
