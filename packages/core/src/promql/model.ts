/** Offsets into the expression's text, end exclusive. */
export type Span = { readonly start: number; readonly end: number };

export type Matcher = {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
  readonly span: Span;
};

/** An instant or range vector selector. `name` is the metric name, whether written bare or as `__name__="..."`. */
export type Selector = {
  readonly kind: 'selector';
  readonly name: string | undefined;
  readonly matchers: readonly Matcher[];
  readonly span: Span;
};

export type PromqlNode =
  | Selector
  | { readonly kind: 'number'; readonly value: number; readonly span: Span }
  | { readonly kind: 'string'; readonly value: string; readonly span: Span }
  /** `expr[range]` or, with `subquery`, `expr[range:step]`. Milliseconds. */
  | { readonly kind: 'matrix'; readonly of: PromqlNode; readonly rangeMs: number | undefined; readonly span: Span }
  | {
      readonly kind: 'subquery';
      readonly of: PromqlNode;
      readonly rangeMs: number | undefined;
      readonly stepMs: number | undefined;
      readonly span: Span;
    }
  /** `offset` and `@` modifiers. */
  | {
      readonly kind: 'modified';
      readonly of: PromqlNode;
      readonly offsetMs: number | undefined;
      readonly at: string | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly args: readonly PromqlNode[];
      readonly nameSpan: Span;
      readonly span: Span;
    }
  | {
      readonly kind: 'aggregate';
      readonly name: string;
      readonly grouping:
        | { readonly kind: 'by' | 'without'; readonly labels: readonly string[]; readonly span: Span }
        | undefined;
      readonly args: readonly PromqlNode[];
      readonly span: Span;
    }
  | {
      readonly kind: 'binary';
      /** `+ - * / % ^ atan2 == != > < >= <= and or unless`. */
      readonly operator: string;
      /** `bool` modifier of a comparison. */
      readonly bool: boolean;
      readonly matching:
        | {
            readonly kind: 'on' | 'ignoring';
            readonly labels: readonly string[];
            readonly group: { readonly side: 'left' | 'right'; readonly include: readonly string[] } | undefined;
          }
        | undefined;
      readonly left: PromqlNode;
      readonly right: PromqlNode;
      readonly operatorSpan: Span;
      readonly span: Span;
    }
  | { readonly kind: 'unary'; readonly operator: '+' | '-'; readonly of: PromqlNode; readonly span: Span }
  | { readonly kind: 'paren'; readonly of: PromqlNode; readonly span: Span }
  /** What the grammar could not read; promtool decides validity, this is never swallowed. */
  | { readonly kind: 'error'; readonly span: Span };

/** The tree of one expression, and the places the grammar could not read (empty when it read everything). */
export type ParsedExpression = { readonly text: string; readonly root: PromqlNode; readonly errors: readonly Span[] };
