// Loaded before a daemon (node --import): its wall clock is off, as those of homes are. What only measures how long
// something takes stays right, as it does on a machine whose clock is set wrongly.
import { type Shift, shiftNow } from './shifts.ts'

const shift: Shift = JSON.parse(process.env['SHIFTED_CLOCK'] ?? '{"offsetMs":0}')
const RealDate = Date
const realNow = RealDate.now.bind(RealDate)
const realOrigin = performance.timeOrigin
const offset = (): number => shiftNow(shift, performance.now())
const now = (): number => realNow() + offset()

globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(now()).toString(),
  construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [now()] : args, made),
  get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
})
Object.defineProperty(performance, 'timeOrigin', { get: () => realOrigin + offset() })
