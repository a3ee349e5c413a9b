import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { renderReport, type ReportFormat } from '@obsgate/core/report';
import type { GateResult } from '@obsgate/prometheus/gate';

/** Writes a result to a file in one of the report's formats: whole, or not at all. */
export function writeReportFile(format: ReportFormat, path: string): (result: GateResult) => Promise<void> {
  return async (result) => {
    await mkdir(dirname(path), { recursive: true });
    const temporary = `${path}.${process.pid}.tmp`;
    await writeFile(temporary, renderReport(result.report, format, { ...result, color: false }));
    await rename(temporary, path);
  };
}
