export * from './pull-port.ts';
