// What a kind needs whose work is measured: a link, moments, and scores.
export * from './echo.ts'
export * from './link.ts'
export * from './moments.ts'
export * from './probe.ts'
export * from './score.ts'
