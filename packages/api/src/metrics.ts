// Numbers for Prometheus. Names begin with piecework_; labels are few and their values bounded.
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'

export type Labels = Readonly<Record<string, string | number>>

export interface Count {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
}

export interface Measure {
  readonly value: number
  readonly labels: Labels
}

export interface Metrics {
  /** Gives what adds to a number that only grows. */
  counter(name: string, help: string, labels?: readonly string[]): (labels?: Labels, by?: number) => void
  /** Gives what sets a number. */
  gauge(name: string, help: string, labels?: readonly string[]): (value: number, labels?: Labels) => void
  /**
   * A number that is read whenever somebody looks, and left out while there is none; one that can't be read is counted
   * too.
   */
  measure(count: Count, read: () => Promise<readonly Measure[]>): void
  /** As Prometheus reads it. */
  text(): Promise<string>
}

/** Of the delay of the event loop: looking every 10 ms, as is usual, costs an idle process a fifth of a percent of a core. */
const DELAY_LOOK_MS = 100

/** `machine`: with memory, processor and event loop of the process. */
export function makeMetrics({ machine = true }: { readonly machine?: boolean } = {}): Metrics {
  const registry = new Registry()
  if (machine) collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: DELAY_LOOK_MS })
  const registers = [registry]
  const unread = new Counter({
    name: fullName('measures_unread'),
    help: 'Numbers that could not be read when somebody looked, by their names.',
    labelNames: ['measure'],
    registers,
  })
  return {
    counter(name, help, labels = []) {
      const counter = new Counter({ name: fullName(name), help, labelNames: [...labels], registers })
      return (values = {}, by = 1) => counter.inc(values, by)
    },
    gauge(name, help, labels = []) {
      const gauge = new Gauge({ name: fullName(name), help, labelNames: [...labels], registers })
      return (value, values = {}) => gauge.set(values, value)
    },
    measure({ name, help, labels }, read) {
      const collect = async (): Promise<void> => {
        const found = await read().catch(() => undefined)
        gauge.reset()
        if (found === undefined) unread.inc({ measure: name })
        // Without labels it would stand there as zero.
        if (labels.length === 0 && (found ?? []).length === 0) gauge.remove()
        for (const { value, labels } of found ?? []) gauge.set(labels, value)
      }
      const gauge = new Gauge({ name: fullName(name), help, labelNames: [...labels], registers, collect })
    },
    text: () => registry.metrics(),
  }
}

const fullName = (name: string): string => `piecework_${name}`
