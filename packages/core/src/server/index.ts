export * from './model.ts';
export * from './port.ts';
