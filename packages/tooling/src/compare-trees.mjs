import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * What differs between two folders, byte for byte; a line each, empty when they are equal.
 * @param {string} committed
 * @param {string} fresh
 * @returns {string[]}
 */
export function compareTrees(committed, fresh) {
  const before = files(committed);
  const after = files(fresh);
  const missing = after.filter((file) => !before.includes(file)).map((file) => `missing: ${file}`);
  const extra = before.filter((file) => !after.includes(file)).map((file) => `not built any more: ${file}`);
  const changed = before
    .filter((file) => after.includes(file))
    .filter((file) => !readFileSync(join(committed, file)).equals(readFileSync(join(fresh, file))))
    .map((file) => `differs: ${file}`);
  return [...missing, ...extra, ...changed];
}

/** @param {string} folder */
function files(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .toSorted();
}
