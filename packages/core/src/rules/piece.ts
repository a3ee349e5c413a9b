/** A part of a file's text, and the way from its offsets to those of the file. */
export type Piece = { readonly text: string; readonly at: (offset: number) => number };

/** The whole text as one piece. */
export function whole(text: string): Piece {
  return { text, at: (offset) => offset };
}
