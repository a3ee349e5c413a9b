import { defineInputs, textInput, tokenInput } from '@obsgate/action-kit';

const sealKey = {
  description:
    'Secret of 32 bytes or more that seals the snapshots of protection, such as `openssl rand -base64 48` prints.',
  schema: textInput(),
  secret: true,
} as const;

/** For actions that change protection, merge or revert: an App, or a token that may do as much. */
export const credentialInputs = defineInputs({
  ...tokenInput,
  'app-id': {
    description: 'Id of the GitHub App that acts. With it, `github-token` is not used.',
    schema: textInput(),
  },
  'app-private-key': { description: "The App's private key, PEM.", schema: textInput(), secret: true },
  'seal-key': sealKey,
});

/** For actions that can do nothing without opening leases. */
export const sealKeyInput = defineInputs({ 'seal-key': { ...sealKey, required: true } });
