#!/usr/bin/env node
import { command } from '../bundle/index.js';

await command(new URL('../../', import.meta.url));
