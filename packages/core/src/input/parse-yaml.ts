import {
  Composer,
  Parser,
  YAMLParseError,
  type Document,
  type DocumentOptions,
  type ParseOptions,
  type SchemaOptions,
} from 'yaml';
import { scanTokens } from './yaml-tokens.ts';

/** Deeper nesting is never meant, and a recursion over it can end the process without an exception. */
export const MAX_YAML_DEPTH = 100;

type Options = ParseOptions & DocumentOptions & SchemaOptions;

/**
 * Every document of a YAML text, as the library composes them. Text that is nested too deeply is one document that
 * holds nothing but that error.
 */
export function parseYamlDocuments(text: string, options: Options = {}): Document.Parsed[] {
  const tokens = [...new Parser().parse(text)];
  const { depth, deepest } = scanTokens(tokens);
  const composer = new Composer({ prettyErrors: false, logLevel: 'silent', ...options });
  if (depth <= MAX_YAML_DEPTH) return [...composer.compose(tokens, true, text.length)];
  const [empty] = composer.compose([], true, 0);
  if (empty === undefined) throw new Error('the YAML library composed no document');
  const message = `nested ${depth} levels deep; more than ${MAX_YAML_DEPTH} is not read, since it is never meant`;
  empty.errors.push(new YAMLParseError([deepest, deepest + 1], 'IMPOSSIBLE', message));
  return [empty];
}

/** The one document of a text; a second one is an error of the first, as for every file that holds one thing. */
export function parseYamlDocument(text: string, options: Options = {}): Document.Parsed {
  const [document, second] = parseYamlDocuments(text, options);
  if (document === undefined) throw new Error('the YAML library composed no document');
  if (second !== undefined) {
    const message = 'the file holds a second YAML document';
    document.errors.push(new YAMLParseError([second.range[0], second.range[1]], 'MULTIPLE_DOCS', message));
  }
  return document;
}
