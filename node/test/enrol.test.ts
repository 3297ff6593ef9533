import { paramsOf } from '@piecework/chain'
import type { NodeStanding } from '@piecework/network'
import { keyFromSecret, readEnrolment, verifySignature, walletTextBytes } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { type Moment, workingEpoch } from '../src/common/moment.ts'
import type { Word } from '../src/common/word.ts'
import { Enrol } from '../src/enrol.ts'
import { ENROLMENT_EPOCHS, prepareEnrolment, RENEW_EPOCHS, signEnrolment } from '../src/enrolment.ts'
import { beginScene, hashOf, type Scene, settled } from './support/scene.ts'
import { aStanding } from './support/verifier.ts'

const KINDS = [{ kind: 1, capacity: 10 }]
const walletKey = keyFromSecret(hashOf('the wallet'))

async function enrolmentOf(
  scene: Scene,
  moment: Moment,
  expiresAtEpoch = ENROLMENT_EPOCHS,
): Promise<Uint8Array> {
  const { networkId, nodeKey, wallet, key } = scene
  const terms = { networkId, nodeKey, wallet, kinds: KINDS, attributes: [], minAmount: 100n, maxFee: 5n }
  const { stampBits } = paramsOf(moment.state.network, 0)
  const prepared = await prepareEnrolment({ ...terms, expiresAtEpoch, nonce: 7n }, stampBits)
  const text = walletTextBytes(prepared.enrolment, prepared.hash)
  expect(new TextDecoder().decode(text)).toBe(prepared.text)
  return signEnrolment(prepared, key, walletKey.sign(text))
}

function enrolIn(scene: Scene, joined: Uint8Array | undefined, kinds = KINDS): Enrol {
  return new Enrol({ ...scene.ports, joined, kinds, attributes: [] })
}

function wordOf(standing: NodeStanding | undefined): Word {
  return { epoch: 0, standing, results: [] }
}

function read(scene: Scene, moment: Moment, bytes: Uint8Array | undefined): ReturnType<typeof readEnrolment> {
  const { stampBits } = paramsOf(moment.state.network, 0)
  return readEnrolment(bytes ?? new Uint8Array(), {
    networkId: scene.networkId,
    stampBits,
    verify: verifySignature,
  })
}

describe('enrol', () => {
  it('publishes what the wallet signed, until it holds', async () => {
    const scene = await beginScene()
    const moment = await scene.moment()
    const signed = await enrolmentOf(scene, moment)
    const enrol = enrolIn(scene, signed)
    const [verifier] = scene.scripted
    await enrol.see(moment, undefined)
    await settled()
    expect(verifier?.enrolments).toEqual([signed])
    expect(read(scene, moment, verifier?.enrolments[0]).byWallet).toBe(true)

    expect(await enrol.see({ ...moment, slot: moment.slot + 1 }, wordOf(undefined))).toBe('rested')
    expect(await enrol.see({ ...moment, slot: moment.slot + 2 }, wordOf(undefined))).toBe(undefined)
    const holds = wordOf({ ...aStanding, nonce: 7n })
    await enrol.see({ ...moment, slot: moment.slot + 4 }, holds)
    await settled()
    expect(scene.log.lines).toEqual([])
  })

  it('renews with its own key in time, and after a restart goes on with that', async () => {
    const scene = await beginScene()
    const moment = await scene.moment()
    const signed = await enrolmentOf(scene, moment)
    const late = wordOf({ ...aStanding, nonce: 7n, expiresAtEpoch: RENEW_EPOCHS })
    await enrolIn(scene, signed).see(moment, late)
    await settled()
    const renewal = scene.scripted[0]?.enrolments[0]
    const { enrolment, byWallet } = read(scene, moment, renewal)
    expect([enrolment.nonce, byWallet, enrolment.expiresAtEpoch]).toEqual([8n, false, ENROLMENT_EPOCHS])

    await scene.restart()
    scene.scripted[0]?.enrolments.splice(0)
    await enrolIn(scene, signed).see({ ...moment, slot: moment.slot + 2 }, late)
    expect(scene.log.count('enrolment-renewed')).toBe(1)
  })

  it('says what changed in its config, and not again once that holds', async () => {
    const scene = await beginScene()
    const moment = await scene.moment()
    const enrol = enrolIn(scene, await enrolmentOf(scene, moment), [{ kind: 1, capacity: 99 }])
    const standing = { ...aStanding, nonce: 7n, expiresAtEpoch: ENROLMENT_EPOCHS }
    await enrol.see(moment, wordOf(standing))
    await settled()
    expect(read(scene, moment, scene.scripted[0]?.enrolments[0]).enrolment.kinds).toEqual([
      { kind: 1, capacity: 99 },
    ])
    await enrol.see({ ...moment, slot: moment.slot + 2 }, wordOf({ ...standing, nonce: 8n }))
    expect(scene.log.count('enrolment-renewed')).toBe(1)
  })

  it('leaves with an enrolment without kinds, for good', async () => {
    const scene = await beginScene()
    const moment = await scene.moment()
    const signed = await enrolmentOf(scene, moment)
    await enrolIn(scene, signed).leave()
    await scene.restart()
    const standing = { ...aStanding, nonce: 7n, expiresAtEpoch: ENROLMENT_EPOCHS }
    const enrol = enrolIn(scene, undefined)
    await enrol.see(moment, wordOf(standing))
    await settled()
    expect(read(scene, moment, scene.scripted[0]?.enrolments[0]).enrolment.kinds).toEqual([])
  })

  it('says that it has to join again when its enrolment has ended', async () => {
    const scene = await beginScene()
    const moment = await scene.moment()
    const enrol = enrolIn(scene, await enrolmentOf(scene, moment, 0))
    await enrol.see(moment, undefined)
    const next = { ...moment, slot: workingEpoch(moment)?.endsAt ?? 0 }
    await expect(enrol.see(next, undefined)).rejects.toThrow('join again')
  })

  it('refuses a signature of anything but the text that was shown', async () => {
    const scene = await beginScene()
    const { networkId, nodeKey, wallet, key } = scene
    const terms = { networkId, nodeKey, wallet, kinds: KINDS, attributes: [], minAmount: 0n, maxFee: 0n }
    const prepared = await prepareEnrolment({ ...terms, expiresAtEpoch: 9, nonce: 1n }, 4)
    const other = new TextEncoder().encode(`${prepared.text} `)
    expect(() => signEnrolment(prepared, key, walletKey.sign(other))).toThrow('exactly the text')
  })
})
