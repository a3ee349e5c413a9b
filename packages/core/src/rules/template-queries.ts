/** Expressions that the templates of a text query, or `'any'` when one of them is computed. */
export type TemplateQueries = readonly string[] | 'any';

const ACTION = /\{\{-?([\s\S]*?)-?\}\}/g;
const STRING = /"(?:[^"\\\n]|\\.)*"|`[^`]*`/;

/**
 * The PromQL that a label or annotation template evaluates through `query "..."`.
 * https://prometheus.io/docs/prometheus/latest/configuration/template_reference/#queries
 */
export function templateQueries(text: string): TemplateQueries {
  if (!text.includes('query')) return [];
  const found: string[] = [];
  for (const [, action = ''] of text.matchAll(ACTION)) {
    // What stands inside strings is data, unless `query` is called right before it or it is piped into `query`.
    for (const part of action.split(/\b(?=query\b)/).filter((piece) => piece.startsWith('query'))) {
      const literal = /^query\s+/.exec(part) === null ? undefined : firstString(part.slice('query'.length).trimStart());
      if (literal === undefined && !insideString(action, part)) return 'any';
      if (literal !== undefined) found.push(literal);
    }
  }
  return found;
}

function firstString(text: string): string | undefined {
  const match = STRING.exec(text);
  if (match === null || match.index !== 0) return undefined;
  const [literal] = match;
  if (literal.startsWith('`')) return literal.slice(1, -1);
  return literal.slice(1, -1).replace(/\\(["\\])/g, '$1');
}

function insideString(action: string, part: string): boolean {
  const at = action.indexOf(part);
  const before = action.slice(0, at).replace(new RegExp(STRING, 'g'), '');
  return /["`]/.test(before);
}
