import { action } from '../bundle/index.js';

await action('heartbeat-rules-lint', 'main');
