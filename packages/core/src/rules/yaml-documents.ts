import { Composer, Parser, type CST, type Document } from 'yaml';
import { finding, rangeBetween, type Finding, type Range, type SourceText } from '../kernel/index.ts';
import { whole, type Piece } from './piece.ts';
import { anchorsOf, type Anchors } from './yaml-anchors.ts';
import { MAX_YAML_DEPTH, scanTokens } from '../input/index.ts';
import type { Located } from './model.ts';

/** Deeper than this no rule file or configuration goes; readers of YAML end their process long before 10,000. */

/** Of one document: after the first mistakes the reader's guesses say little. */
const MAX_FINDINGS = 20;

/** One document of a YAML file, with its aliases resolved. */
export type YamlDocument = {
  readonly contents: Document['contents'];
  readonly anchors: Anchors;
  /** From the offsets of its nodes to those of the file. */
  readonly at: (offset: number) => number;
  /** Offset where the document begins. */
  readonly start: number;
  readonly findings: readonly Finding[];
};

export type YamlFile = {
  readonly source: SourceText;
  readonly documents: readonly YamlDocument[];
  readonly comments: readonly Located<string>[];
  /** What is wrong with the file before its documents are looked at: too deep to read. */
  readonly findings: readonly Finding[];
};

/**
 * Reads every document of a YAML file. Scalars stay text, as Prometheus's own fields of type string take them.
 * Syntax errors are findings of their document; nothing is thrown.
 */
export function readYaml(source: SourceText, piece: Piece = whole(source.text)): YamlFile {
  const tokens = [...new Parser().parse(piece.text)];
  const scan = scanTokens(tokens);
  const comments = scan.comments.map(({ offset, text }) => ({
    value: text,
    range: rangeBetween(source, piece.at(offset), piece.at(offset) + text.length),
  }));
  if (scan.depth > MAX_YAML_DEPTH) {
    const deepest = piece.at(scan.deepest);
    const place = rangeBetween(source, deepest, deepest + 1);
    return { source, documents: [], comments, findings: [tooDeep(source, place, scan.depth)] };
  }
  return { source, documents: compose(source, tokens, piece), comments, findings: [] };
}

function compose(source: SourceText, tokens: readonly CST.Token[], piece: Piece): YamlDocument[] {
  // `failsafe` leaves every scalar a string; keys are compared where maps are read, as the library's check is quadratic.
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  const documents: YamlDocument[] = [];
  for (const document of composer.compose(tokens, false, piece.text.length)) {
    const anchors = anchorsOf(source, document, piece);
    const errors = document.errors
      .slice(0, MAX_FINDINGS)
      .map(({ code, message, pos }) => syntaxError(source, code, message, [piece.at(pos[0]), piece.at(pos[1])]));
    documents.push({
      contents: document.contents,
      anchors,
      at: piece.at,
      start: piece.at(document.range[0]),
      findings: [...errors, ...anchors.findings.slice(0, MAX_FINDINGS)],
    });
  }
  return documents;
}

function tooDeep(source: SourceText, range: Range, depth: number): Finding {
  return finding({
    rule: 'rules/too-deep',
    severity: 'error',
    message: `The YAML is nested ${depth} levels deep; more than ${MAX_YAML_DEPTH} is not read, since it is never meant.`,
    help: 'Check the indentation and the brackets before this place.',
    file: source.path,
    range,
    subject: 'depth',
  });
}

function syntaxError(source: SourceText, code: string, message: string, pos: readonly [number, number]): Finding {
  const tab = code === 'TAB_AS_INDENT';
  return finding({
    rule: tab ? 'rules/tab-indent' : 'rules/yaml-syntax',
    severity: 'error',
    message: tab
      ? 'The line is indented with a tab. YAML allows only spaces there, so Prometheus cannot load the file.'
      : `The YAML cannot be read: ${firstLine(message)}.`,
    help: tab
      ? 'Indent with spaces.'
      : 'Correct the YAML here or just before. Continued lines must be indented deeper than their key, quoted ones too.',
    file: source.path,
    range: rangeBetween(source, pos[0], pos[1]),
    subject: `${code} ${message}`,
  });
}

function firstLine(message: string): string {
  return message.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
}
