import type { GateReport } from '../gate/index.ts';
import { renderAnnotations } from './annotations.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import type { RenderContext, ReportFormat } from './options.ts';
import { renderSarif } from './sarif.ts';
import { renderText } from './text.ts';

type Renderer = (report: GateReport, options: RenderContext) => string;

const RENDERERS: Readonly<Record<ReportFormat, Renderer>> = {
  text: renderText,
  json: renderJson,
  sarif: renderSarif,
  junit: renderJunit,
  markdown: renderMarkdown,
  github: renderAnnotations,
};

/** The report in one of the formats of `--format`. Every format ends with a line end, or is empty. */
export function renderReport(report: GateReport, format: ReportFormat, options: RenderContext): string {
  return RENDERERS[format](report, options);
}
