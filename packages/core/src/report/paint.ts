const CODES = { red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, dim: 2, bold: 1 } as const;
export type Tone = keyof typeof CODES;

/** Puts tones on a text; with colours off it returns the text as it is. */
export type Paint = (text: string, ...tones: readonly Tone[]) => string;

export function painter(color: boolean): Paint {
  return (text, ...tones) => {
    if (!color || text === '' || tones.length === 0) return text;
    return `\u001b[${tones.map((tone) => CODES[tone]).join(';')}m${text}\u001b[0m`;
  };
}
