import type { components } from '@octokit/openapi-types';

/** A response shape by its name in GitHub's OpenAPI description: the compiler checks that every required key is there. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];
