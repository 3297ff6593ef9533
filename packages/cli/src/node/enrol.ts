// The enrolment of a new node: signed by its wallet here, or by the wallet's owner elsewhere, who reads a text first.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesOf, parseAddress } from '@piecework/chain'
import { ENROLMENT_EPOCHS, type PreparedEnrolment, prepareEnrolment, signEnrolment } from '@piecework/node'
import {
  enrolmentCodec,
  enrolmentHash,
  fromBase58,
  type SigningKey,
  walletText,
  walletTextBytes,
} from '@piecework/protocol'
import { decimalsOf, stateOf, withChain } from '../common/chain.ts'
import { installedKinds } from '../common/kinds.ts'
import { unitsOf } from '../common/money.ts'
import type { Place } from '../common/place.ts'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'

export interface Wallet {
  readonly address: string
  /** Where its key is here. */
  readonly sign?: (text: Uint8Array) => Promise<Uint8Array>
  /** Where it is elsewhere: of the text that was shown. */
  readonly signature?: string | undefined
}

export interface Enrolling {
  readonly place: Place
  readonly key: SigningKey
  readonly wallet: Wallet
  readonly kinds: readonly { readonly kind: string; readonly capacity: number }[]
  /** In tokens. */
  readonly maxFee: string
  readonly folder: string
}

/** Ready to be published. */
export async function makeEnrolment(context: Context, enrolling: Enrolling): Promise<Uint8Array> {
  const { key, wallet } = enrolling
  const waiting = join(enrolling.folder, 'enrolment-to-sign.bin')
  if (wallet.sign !== undefined) {
    const prepared = await prepare(context, enrolling)
    const text = walletTextBytes(prepared.enrolment, prepared.hash)
    return signEnrolment(prepared, key, await wallet.sign(text))
  }
  if (wallet.signature === undefined) {
    const prepared = await prepare(context, enrolling)
    await writeFile(waiting, prepared.message)
    const how = 'Sign this text with that wallet (as a message), then run the command again with --signature:'
    throw new CliError('notYet', `${how}\n\n${prepared.text}\n`)
  }
  return signEnrolment(await prepared(waiting, enrolling), key, fromBase58(wallet.signature))
}

async function prepared(file: string, { place }: Enrolling): Promise<PreparedEnrolment> {
  const message = await readFile(file).catch((error: unknown) => {
    throw new CliError(
      'usage',
      'There is no text yet that could be signed: run it without --signature first.',
      {
        cause: error,
      },
    )
  })
  const enrolment = enrolmentCodec.decode(new Uint8Array(message))
  const hash = enrolmentHash(bytesOf(parseAddress(place.network)), new Uint8Array(message))
  return { enrolment, message: new Uint8Array(message), hash, text: walletText(enrolment, hash) }
}

const SECOND_MS = 1_000

async function prepare(
  context: Context,
  { place, key, wallet, kinds, maxFee }: Enrolling,
): Promise<PreparedEnrolment> {
  const known = await installedKinds()
  return withChain(context, place, async (chain) => {
    const { network } = await stateOf(chain)
    const decimals = await decimalsOf(chain, network.mint)
    const epoch = Math.max(0, network.nextSeal)
    context.note('making the stamp of the enrolment')
    return prepareEnrolment(
      {
        networkId: bytesOf(chain.at.network),
        nodeKey: key.publicKey,
        wallet: bytesOf(parseAddress(wallet.address)),
        kinds: kinds.map(({ kind, capacity }) => ({ kind: known.named(kind).id, capacity })),
        attributes: [],
        minAmount: 0n,
        maxFee: unitsOf(maxFee, decimals),
        expiresAtEpoch: epoch + ENROLMENT_EPOCHS,
        // Above that of any enrolment that this key made before.
        nonce: BigInt(Math.floor(context.io.now() / SECOND_MS)),
      },
      network.params.stampBits,
    )
  })
}
