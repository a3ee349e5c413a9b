#!/usr/bin/env node
import { command } from './command.ts';

await command(new URL('../../../', import.meta.url));
