import type { Schema } from './openapi.ts';

/**
 * One place where GitHub's description and GitHub's answers disagree, and the answers win.
 * `evidence` names what shows it: a recording (`src` in the recordings) or a page of GitHub's documentation.
 */
export type Patch = { readonly evidence: string } & (
  | { readonly kind: 'optional'; readonly schema: string; readonly keys: readonly string[] }
  | { readonly kind: 'nullable'; readonly schema: string; readonly keys: readonly string[] }
  | { readonly kind: 'property'; readonly schema: string; readonly key: string; readonly is: Schema }
  | { readonly kind: 'values'; readonly schema: string; readonly key: string; readonly add: readonly string[] }
  | {
      readonly kind: 'request';
      readonly operation: string;
      readonly at: string;
      readonly key: string;
      readonly is: Schema;
    }
  | {
      readonly kind: 'request-optional';
      readonly operation: string;
      readonly at: string;
      readonly keys: readonly string[];
    }
  | { readonly kind: 'query'; readonly operation: string; readonly name: string; readonly is: Schema }
  | { readonly kind: 'answer'; readonly operation: string; readonly status: number; readonly is: Schema | null }
);
