import { booleanInput, defineInputs, listInput, textInput } from '@obsgate/action-kit';

/** For actions that need Prometheus tools. */
export const toolInputs = defineInputs({
  'prometheus-version': {
    description: "The server's version, such as `v3.5.3`, or a prefix such as `3.5`. Default: the configuration's.",
    schema: textInput(),
  },
  'promtool-path': {
    description: 'A promtool, or a folder that holds the Prometheus tools. Default: they are found or fetched.',
    schema: textInput(),
  },
  'allow-version-drift': {
    description: 'Take the nearest version when the wanted one cannot be had, and warn.',
    default: 'false',
    schema: booleanInput(),
  },
});

/** For actions that let other versions agree. */
export const crossCheckInput = defineInputs({
  'cross-check': {
    description: "Other versions that must agree, by comma; `latest` is the newest. Default: the configuration's.",
    schema: listInput(),
  },
});
