// Runs one step of an action from its TypeScript sources, for Node versions that can: what dist/ holds is built from them.
import { action } from '../../actions/entry.ts';

await action(process.argv[2], process.argv[3]);
