// Loaded before a daemon: from then on the clock on its wall jumps, forward and back, as when somebody sets it, or when a
// board without a battery starts in 1970. What measures durations (performance.now, timers) goes on as it does there.
const DAY_MS = 86_400_000
const EVERY_MS = 3_000
/** Tomorrow, yesterday, right, ten years on, and near 1970. */
const JUMPS_MS: readonly number[] = [DAY_MS, -DAY_MS, 0, 3_652 * DAY_MS, -20_000 * DAY_MS]

const rightNow = Date.now
let jumps = 0

Date.now = () => rightNow() + (JUMPS_MS[jumps % JUMPS_MS.length] ?? 0)
globalThis.Date = new Proxy(Date, {
  construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [Date.now()] : args, made),
})
setInterval(() => {
  jumps += 1
}, EVERY_MS).unref()
