// What the authority alone may do but make, start and pause: its parameters, and who comes after it.
import {
  acceptAuthorityForm,
  NO_ADDRESS,
  networkForm,
  nominateAuthorityForm,
  setParamsForm,
} from '@piecework/chain'
import { requireThat } from '../run.ts'
import { type Handler, handler } from './handler.ts'
import { authorised, currentEpoch } from './network.ts'

const EPOCHS_UNTIL_EFFECTIVE = 2

/** The bounds of parameters are the program's alone. */
const setParams = handler(setParamsForm, (run, given) => {
  const { at, slot } = run
  const network = authorised(run, given)
  const changed = network.nextParamsFrom < Infinity
  requireThat(!changed || network.nextParamsFrom <= network.lastFinal + 1, 'ParamsPending')
  const params = changed ? network.nextParams : network.params
  requireThat(given.args.params.evidenceEpochs <= params.evidenceEpochs, 'EvidenceRaised')
  const fromEpoch = currentEpoch(network, slot) + EPOCHS_UNTIL_EFFECTIVE
  run.save(networkForm, at.network, {
    ...network,
    params,
    nextParams: given.args.params,
    nextParamsFrom: fromEpoch,
  })
  run.emit({ name: 'ParamsSet', fields: { network: at.network, fromEpoch } })
})

const nominate = handler(nominateAuthorityForm, (run, given) => {
  const { at } = run
  const { nominee } = given.args
  run.save(networkForm, at.network, { ...authorised(run, given), pendingAuthority: nominee })
  run.emit({ name: 'AuthorityNominated', fields: { network: at.network, nominee } })
})

const accept = handler(acceptAuthorityForm, (run, { accounts, signers }) => {
  const { at } = run
  const { nominee: authority } = accounts
  const network = run.load(networkForm, at.network)
  requireThat(signers.has(authority), 'NotSigner')
  requireThat(authority !== NO_ADDRESS && network.pendingAuthority === authority, 'NotNominee')
  run.save(networkForm, at.network, { ...network, authority, pendingAuthority: NO_ADDRESS })
  run.emit({ name: 'AuthorityAccepted', fields: { network: at.network, authority } })
})

export const authorityHandlers: readonly Handler[] = [setParams, nominate, accept]
