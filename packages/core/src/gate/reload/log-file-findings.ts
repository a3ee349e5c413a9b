import { finding, rangeBetween, sourceText, type Finding } from '../../kernel/index.ts';
import type { Config } from '../../config/index.ts';
import { directoryOf, mapServerPath } from '../../rules/index.ts';
import type { LogFile } from './isolate-config.ts';

/**
 * Log files that the server must create. Prometheus opens them on a reload and creates no folder for them: a path that
 * cannot be created passes `promtool check config` and fails the reload. The sandbox writes into its own folder, so
 * these are judged by their path: an error when the repository shows that it cannot be created, a warning when it is
 * new and lies on the server alone.
 *
 * @param base - Log files of the base configuration; the server lives with them already.
 * @param paths - Every file of the repository.
 */
export function logFileFindings(
  logFiles: readonly LogFile[],
  base: readonly LogFile[],
  paths: readonly string[],
  settings: Config['prometheus'],
  configText: string,
): Finding[] {
  const source = sourceText(settings.config, configText);
  return logFiles.flatMap((file) => {
    const range = rangeBetween(source, file.start, file.end);
    const common = { rule: 'reload/log-file', file: settings.config, range, subject: `${file.key} ${file.path}` };
    const defect = provenDefect(file, paths, settings);
    if (defect !== undefined) {
      const message = `${file.key} ${JSON.stringify(file.path)} cannot be created: ${defect}. promtool accepts it and the reload fails.`;
      return [
        finding({ ...common, severity: 'error', message, help: 'Name a file in a folder that exists on the server.' }),
      ];
    }
    if (base.some(({ key, path }) => key === file.key && path === file.path)) return [];
    const message = `${file.key} ${JSON.stringify(file.path)} is new: whether the server can create it cannot be seen from here. If its folder is missing or not writable, promtool accepts the configuration and the reload fails.`;
    return [
      finding({
        ...common,
        severity: 'warning',
        message,
        help: 'Make sure that the folder exists on the server and that Prometheus may write to it.',
      }),
    ];
  });
}

function provenDefect(file: LogFile, paths: readonly string[], settings: Config['prometheus']): string | undefined {
  if (file.path.endsWith('/')) return 'the path is that of a folder';
  const mapped = mapServerPath(file.path, settings.config, settings.path_map);
  if (mapped.kind !== 'inside') return undefined;
  if (isFolder(mapped.path, paths)) return `${mapped.path} is a folder of the repository`;
  const folder = directoryOf(mapped.path);
  if (folder !== '' && !isFolder(folder, paths)) return `the repository has no folder ${folder}`;
  return undefined;
}

function isFolder(path: string, paths: readonly string[]): boolean {
  return paths.some((other) => other.startsWith(`${path}/`));
}
