/** A function name in a Go template, by its offsets in the text. */
export type TemplateCall = { readonly name: string; readonly start: number; readonly end: number };

const KEYWORDS = new Set(
  'if else end range with define template block break continue nil true false and or not'.split(' '),
);
/** Strings, comments, fields and variables are read as a whole, so that a name inside them is none. */
const TOKEN = /"(?:\\.|[^"\\])*"|`[^`]*`|'(?:\\.|[^'\\])*'|\/\*.*?\*\/|[.$][\w.]*|\d[\w.]*|[A-Za-z_]\w*|\}\}/gs;

/**
 * The functions that the actions (`{{ ... }}`) of a template call.
 * https://prometheus.io/docs/prometheus/latest/configuration/template_reference/
 */
export function templateCalls(text: string): TemplateCall[] {
  const calls: TemplateCall[] = [];
  for (let open = text.indexOf('{{'); open !== -1;) {
    TOKEN.lastIndex = open + 2;
    let end = text.length;
    for (let token = TOKEN.exec(text); token !== null; token = TOKEN.exec(text)) {
      const [word] = token;
      if (word === '}}') {
        end = token.index + 2;
        break;
      }
      if (/^[A-Za-z_]/.test(word) && !KEYWORDS.has(word)) {
        calls.push({ name: word, start: token.index, end: token.index + word.length });
      }
    }
    open = text.indexOf('{{', end);
  }
  return calls;
}
