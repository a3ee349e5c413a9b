import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { goProgram } from '../workflow/act.ts';
import { readText, workflowPaths } from './workflow-files.ts';

const actionlint = goProgram('actionlint');
describe.skipIf(actionlint === undefined)(
  'actionlint (skipped where it is not installed: go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12)',
  () => {
    function lint(text: string, path: string): string {
      return spawnSync(actionlint ?? '', ['-no-color', '-oneline', '-stdin-filename', path, '-'], {
        input: text,
        encoding: 'utf8',
      }).stdout;
    }

    test.each([...workflowPaths()])('finds nothing in %s', (path) => {
      // It does not know yet that `$/` is the workflow's own repository: the same step under a foreign name instead.
      const text = readText(path).replace(/uses: \$\/(\S+)/g, `uses: owner/obsgate/$1@${'0'.repeat(40)}`);
      expect(lint(text, path)).toBe('');
    });

    test('finds a wrong expression', () => {
      const wrong =
        'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ steps.none.outputs.x }}\n';
      expect(lint(wrong, '.github/workflows/x.yml')).toContain('property "none" is not defined');
    });
  },
);
