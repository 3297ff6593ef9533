// Tells listeners of changes: what they hear was read like everything else, at a hint or when it was time to look.
import type { RawAccount } from '../accounts/form.ts'
import type { Address } from '../address.ts'
import { unlessDefect } from '../errors.ts'
import type { AsOf, Unsubscribe } from '../port.ts'
import type { Time } from '../ports.ts'
import type { Notices } from './notices.ts'

/** Looked at that often when no notices come, */
const POLL_MS = 2_000
/** and that often when they do: a notice may get lost. */
const CHECK_MS = 15_000

export interface AccountWatch {
  readonly address: Address
  readonly read: () => Promise<AsOf<RawAccount | undefined>>
  readonly listener: (account: AsOf<RawAccount | undefined>) => void
}

export interface WatchPorts {
  readonly time: Time
  readonly stopped: AbortSignal
  readonly notices: Notices
}

export function watchAccount(watch: AccountWatch, ports: WatchPorts): Unsubscribe {
  const { time, notices } = ports
  const ended = new AbortController()
  const signal = AbortSignal.any([ended.signal, ports.stopped])
  let hinted = new AbortController()
  const unsubscribe = notices.subscribe({
    method: 'account',
    params: [watch.address, { commitment: 'confirmed', encoding: 'base64' }],
    listener: () => hinted.abort(),
  })
  const run = async (): Promise<void> => {
    let told: AsOf<RawAccount | undefined> | undefined
    while (!signal.aborted) {
      hinted = new AbortController()
      const found = await watch.read().catch(unlessDefect)
      // A read that fails is in the metrics of the calls, and soon made again.
      if (found !== undefined && !signal.aborted && isNews(told, found)) {
        told = found
        watch.listener(found)
      }
      await time.wait(notices.open ? CHECK_MS : POLL_MS, AbortSignal.any([signal, hinted.signal]))
    }
  }
  void run()
  return () => {
    ended.abort()
    unsubscribe()
  }
}

function isNews(
  told: AsOf<RawAccount | undefined> | undefined,
  found: AsOf<RawAccount | undefined>,
): boolean {
  if (told === undefined) return true
  const [before, now] = [told.value, found.value]
  if (before === undefined || now === undefined) return before !== now
  return before.owner !== now.owner || before.lamports !== now.lamports || !sameBytes(before.data, now.data)
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, place) => byte === b[place])
}
