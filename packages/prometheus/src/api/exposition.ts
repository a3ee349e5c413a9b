import type { ExposedSample } from '@obsgate/core/server';

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"\s*,?\s*/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };

/**
 * Reads the text exposition format (https://prometheus.io/docs/instrumenting/exposition_formats/), as far as the
 * server's own `/metrics` uses it. Returns undefined when a line is no sample: a page of a proxy is not a measurement.
 */
export function parseExposition(text: string): readonly ExposedSample[] | undefined {
  const samples: ExposedSample[] = [];
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const [, name, labelText = '', valueText] = LINE.exec(trimmed) ?? [];
    const labels = parseLabels(labelText);
    if (name === undefined || valueText === undefined || labels === undefined) return undefined;
    samples.push({ name, labels, value: valueOf(valueText) });
  }
  return samples;
}

function parseLabels(text: string): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  let at = 0;
  while (at < text.length) {
    LABEL.lastIndex = at;
    const match = LABEL.exec(text);
    const [whole, name, value] = match ?? [];
    if (whole === undefined || name === undefined || value === undefined) return undefined;
    labels[name] = value.replace(/\\(.)/g, (escape, character: string) => ESCAPES[character] ?? escape);
    at += whole.length;
  }
  return labels;
}

function valueOf(text: string): number {
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}
