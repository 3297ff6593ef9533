// Made from idl.json by generate/main.ts: change that file, not this one.

use super::errors::Error;
use super::state::{Params, LedgerRoot};
use crate::account::{OPTIONAL, Rights, SIGNER, SYSTEM_PROGRAM, TOKEN_PROGRAM, WRITABLE, exactly, optional, with_signers};
use crate::data::{address_at, bytes_at, of_size, struct_at, value_at, with_list};
use pinocchio::{AccountView, Address};

pub const CREATE_NETWORK: u8 = 0;
pub const START: u8 = 1;
pub const SET_PARAMS: u8 = 2;
pub const NOMINATE_AUTHORITY: u8 = 3;
pub const ACCEPT_AUTHORITY: u8 = 4;
pub const PAUSE: u8 = 5;
pub const RESUME: u8 = 6;
pub const JOIN_ROSTER: u8 = 7;
pub const LEAVE_ROSTER: u8 = 8;
pub const RETIRE: u8 = 9;
pub const WITHDRAW_STAKE: u8 = 10;
pub const DROP_INACTIVE: u8 = 11;
pub const CREATE_JOB: u8 = 12;
pub const CLOSE_JOB: u8 = 13;
pub const REFUND_JOB: u8 = 14;
pub const POST: u8 = 15;
pub const SEAL_EPOCH: u8 = 16;
pub const PROPOSE: u8 = 17;
pub const NEXT_ROUND: u8 = 18;
pub const VOTE: u8 = 19;
pub const FINALIZE: u8 = 20;
pub const OPEN_DISPUTE: u8 = 21;
pub const PROVE_DISPUTE: u8 = 22;
pub const OPEN_PAGE: u8 = 23;
pub const CLAIM: u8 = 24;
pub const APPLY_SLASH: u8 = 25;
pub const CLOSE_DISPUTE: u8 = 26;

/// Makes a network with its roster, epochs and vaults. The creator becomes its authority and pays the rent.
pub struct CreateNetworkAccounts<'a> {
    pub creator: &'a mut AccountView,
    pub network: &'a mut AccountView,
    pub roster: &'a mut AccountView,
    pub epoch_0: &'a mut AccountView,
    pub epoch_1: &'a mut AccountView,
    pub epoch_2: &'a mut AccountView,
    pub epoch_3: &'a mut AccountView,
    /// seeds 'vault', network; a token account that is its own owner
    pub vault: &'a mut AccountView,
    /// seeds 'stake', network; a token account that is its own owner
    pub stake_vault: &'a mut AccountView,
    pub mint: &'a mut AccountView,
}

impl Rights<12> for CreateNetworkAccounts<'_> {
    const EACH: [u8; 12] = [SIGNER | WRITABLE, WRITABLE, WRITABLE, WRITABLE, WRITABLE, WRITABLE, WRITABLE, WRITABLE, WRITABLE, 0, TOKEN_PROGRAM, SYSTEM_PROGRAM];
}

impl<'a> CreateNetworkAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [creator, network, roster, epoch_0, epoch_1, epoch_2, epoch_3, vault, stake_vault, mint, _, _] = exactly::<Self, 12>(program, accounts)?;
        Ok(Self { creator, network, roster, epoch_0, epoch_1, epoch_2, epoch_3, vault, stake_vault, mint })
    }
}

pub struct CreateNetworkArgs<'a> {
    pub name_hash: &'a [u8; 32],
    pub genesis_hash: &'a [u8; 32],
    pub params: Params,
}

impl<'a> CreateNetworkArgs<'a> {
    #[inline(always)]
    pub fn parse(data: &'a [u8]) -> Result<Self, Error> {
        let fixed = of_size::<240>(data)?;
        Ok(Self {
            name_hash: bytes_at::<0, _>(fixed),
            genesis_hash: bytes_at::<32, _>(fixed),
            params: struct_at::<Params, 64, _>(fixed),
        })
    }
}

/// Starts epoch 0: S_0 = now + margin, S_1 = S_0 + L, the snapshot of epoch 0, the seeds of -2 and -1.
pub struct StartAccounts<'a> {
    pub authority: &'a mut AccountView,
    pub network: &'a mut AccountView,
    pub roster: &'a mut AccountView,
    pub epoch_0: &'a mut AccountView,
    pub epoch_1: &'a mut AccountView,
    pub epoch_2: &'a mut AccountView,
    pub epoch_3: &'a mut AccountView,
}

impl Rights<7> for StartAccounts<'_> {
    const EACH: [u8; 7] = [SIGNER, WRITABLE, 0, WRITABLE, WRITABLE, WRITABLE, WRITABLE];
}

impl<'a> StartAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [authority, network, roster, epoch_0, epoch_1, epoch_2, epoch_3] = exactly::<Self, 7>(program, accounts)?;
        Ok(Self { authority, network, roster, epoch_0, epoch_1, epoch_2, epoch_3 })
    }
}

/// Sets the parameters from two epochs later on.
pub struct SetParamsAccounts<'a> {
    pub authority: &'a mut AccountView,
    pub network: &'a mut AccountView,
}

impl Rights<2> for SetParamsAccounts<'_> {
    const EACH: [u8; 2] = [SIGNER, WRITABLE];
}

impl<'a> SetParamsAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [authority, network] = exactly::<Self, 2>(program, accounts)?;
        Ok(Self { authority, network })
    }
}

pub struct SetParamsArgs {
    pub params: Params,
}

impl SetParamsArgs {
    #[inline(always)]
    pub fn parse(data: &[u8]) -> Result<Self, Error> {
        let fixed = of_size::<176>(data)?;
        Ok(Self {
            params: struct_at::<Params, 0, _>(fixed),
        })
    }
}

/// Names who may become the authority by accepting; zero takes a nomination back.
pub struct NominateAuthorityAccounts<'a> {
    pub authority: &'a mut AccountView,
    pub network: &'a mut AccountView,
}

impl Rights<2> for NominateAuthorityAccounts<'_> {
    const EACH: [u8; 2] = [SIGNER, WRITABLE];
}

impl<'a> NominateAuthorityAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [authority, network] = exactly::<Self, 2>(program, accounts)?;
        Ok(Self { authority, network })
    }
}

pub struct NominateAuthorityArgs<'a> {
    pub nominee: &'a Address,
}

impl<'a> NominateAuthorityArgs<'a> {
    #[inline(always)]
    pub fn parse(data: &'a [u8]) -> Result<Self, Error> {
        let fixed = of_size::<32>(data)?;
        Ok(Self {
            nominee: address_at::<0, _>(fixed),
        })
    }
}

pub struct AcceptAuthorityAccounts<'a> {
    pub nominee: &'a mut AccountView,
    pub network: &'a mut AccountView,
}

impl Rights<2> for AcceptAuthorityAccounts<'_> {
    const EACH: [u8; 2] = [SIGNER, WRITABLE];
}

impl<'a> AcceptAuthorityAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [nominee, network] = exactly::<Self, 2>(program, accounts)?;
        Ok(Self { nominee, network })
    }
}

/// Stops new jobs, new roots and claims under young roots for at most max_pause.
pub struct PauseAccounts<'a> {
    pub authority: &'a mut AccountView,
    pub network: &'a mut AccountView,
}

impl Rights<2> for PauseAccounts<'_> {
    const EACH: [u8; 2] = [SIGNER, WRITABLE];
}

impl<'a> PauseAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [authority, network] = exactly::<Self, 2>(program, accounts)?;
        Ok(Self { authority, network })
    }
}

pub struct ResumeAccounts<'a> {
    pub authority: &'a mut AccountView,
    pub network: &'a mut AccountView,
}

impl Rights<2> for ResumeAccounts<'_> {
    const EACH: [u8; 2] = [SIGNER, WRITABLE];
}

impl<'a> ResumeAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [authority, network] = exactly::<Self, 2>(program, accounts)?;
        Ok(Self { authority, network })
    }
}

/// Stakes and joins. Active at once before start, else two epochs later or when four a seal allow. With 64 verifiers there, 1.1 times the smallest stake displaces it.
pub struct JoinRosterAccounts<'a> {
    pub payer: &'a mut AccountView,
    pub operator: &'a mut AccountView,
    pub vote_key: &'a mut AccountView,
    pub network: &'a mut AccountView,
    pub roster: &'a mut AccountView,
    /// id: the network's next_verifier
    pub verifier: &'a mut AccountView,
    /// token account that the operator may spend from
    pub operator_tokens: &'a mut AccountView,
    pub stake_vault: &'a mut AccountView,
}

impl Rights<10> for JoinRosterAccounts<'_> {
    const EACH: [u8; 10] = [SIGNER | WRITABLE, SIGNER, SIGNER, WRITABLE, WRITABLE, WRITABLE, WRITABLE, WRITABLE, TOKEN_PROGRAM, SYSTEM_PROGRAM];
}

impl<'a> JoinRosterAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [payer, operator, vote_key, network, roster, verifier, operator_tokens, stake_vault, _, _] = exactly::<Self, 10>(program, accounts)?;
        Ok(Self { payer, operator, vote_key, network, roster, verifier, operator_tokens, stake_vault })
    }
}

pub struct JoinRosterArgs {
    pub stake: u64,
}

impl JoinRosterArgs {
    #[inline(always)]
    pub fn parse(data: &[u8]) -> Result<Self, Error> {
        let fixed = of_size::<8>(data)?;
        Ok(Self {
            stake: value_at::<u64, 0, _>(fixed),
        })
    }
}

/// Gives up the seat from two epochs later on.
pub struct LeaveRosterAccounts<'a> {
    pub operator: &'a mut AccountView,
    pub network: &'a mut AccountView,
    pub roster: &'a mut AccountView,
    pub verifier: &'a mut AccountView,
}

impl Rights<4> for LeaveRosterAccounts<'_> {
    const EACH: [u8; 4] = [SIGNER, 0, WRITABLE, 0];
}

impl<'a> LeaveRosterAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [operator, network, roster, verifier] = exactly::<Self, 4>(program, accounts)?;
        Ok(Self { operator, network, roster, verifier })
    }
}

/// Anyone: takes a verifier that has left or was displaced out of the roster, once every epoch it had a seat in is final, and moves its stake into its Verifier account.
pub struct RetireAccounts<'a> {
    pub network: &'a mut AccountView,
    pub roster: &'a mut AccountView,
    pub verifier: &'a mut AccountView,
}

impl Rights<3> for RetireAccounts<'_> {
    const EACH: [u8; 3] = [0, WRITABLE, WRITABLE];
}

impl<'a> RetireAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [network, roster, verifier] = exactly::<Self, 3>(program, accounts)?;
        Ok(Self { network, roster, verifier })
    }
}

/// Pays a retired verifier's stake after the cooldown, all its slashes applied, and closes its account.
pub struct WithdrawStakeAccounts<'a> {
    /// gets the rent back
    pub operator: &'a mut AccountView,
    pub network: &'a mut AccountView,
    pub verifier: &'a mut AccountView,
    pub stake_vault: &'a mut AccountView,
    /// a token account of the network's mint
    pub destination: &'a mut AccountView,
}

impl Rights<6> for WithdrawStakeAccounts<'_> {
    const EACH: [u8; 6] = [SIGNER | WRITABLE, WRITABLE, WRITABLE, WRITABLE, WRITABLE, TOKEN_PROGRAM];
}

impl<'a> WithdrawStakeAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [operator, network, verifier, stake_vault, destination, _] = exactly::<Self, 6>(program, accounts)?;
        Ok(Self { operator, network, verifier, stake_vault, destination })
    }
}

pub struct WithdrawStakeArgs<'a> {
    /// of its leaf in the slashes ledger of the latest final root; 0 and no proof when the ledger doesn't reach its id
    pub amount: u64,
    /// the slashes leaf's rest32
    pub detail: &'a [u8; 32],
    pub proof: &'a [[u8; 32]],
}

impl<'a> WithdrawStakeArgs<'a> {
    #[inline(always)]
    pub fn parse(data: &'a [u8]) -> Result<Self, Error> {
        let (fixed, list) = with_list::<40>(data)?;
        Ok(Self {
            amount: value_at::<u64, 0, _>(fixed),
            detail: bytes_at::<8, _>(fixed),
            proof: list,
        })
    }
}

/// Anyone: seats that neither posted nor voted for inactive_epochs times L slots, not counting a pause, no longer count for quorums of this epoch; in an open one from S_{e+1} + grace + inventory on.
pub struct DropInactiveAccounts<'a> {
    pub network: &'a mut AccountView,
    pub epoch: &'a mut AccountView,
}

impl Rights<2> for DropInactiveAccounts<'_> {
    const EACH: [u8; 2] = [0, WRITABLE];
}

impl<'a> DropInactiveAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [network, epoch] = exactly::<Self, 2>(program, accounts)?;
        Ok(Self { network, epoch })
    }
}

pub struct DropInactiveArgs {
    /// of the epoch
    pub number: i64,
    /// bit i: seat i; each must be inactive
    pub seats: u64,
}

impl DropInactiveArgs {
    #[inline(always)]
    pub fn parse(data: &[u8]) -> Result<Self, Error> {
        let fixed = of_size::<16>(data)?;
        Ok(Self {
            number: value_at::<i64, 0, _>(fixed),
            seats: value_at::<u64, 8, _>(fixed),
        })
    }
}

/// Moves the deposit to the vault and makes the job; it opens when verifiers with more than 1/3 of stake have posted that they hold it.
pub struct CreateJobAccounts<'a> {
    pub requester: &'a mut AccountView,
    pub network: &'a mut AccountView,
    pub job: &'a mut AccountView,
    pub requester_tokens: &'a mut AccountView,
    pub vault: &'a mut AccountView,
}

impl Rights<7> for CreateJobAccounts<'_> {
    const EACH: [u8; 7] = [SIGNER | WRITABLE, WRITABLE, WRITABLE, WRITABLE, WRITABLE, TOKEN_PROGRAM, SYSTEM_PROGRAM];
}

impl<'a> CreateJobAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [requester, network, job, requester_tokens, vault, _, _] = exactly::<Self, 7>(program, accounts)?;
        Ok(Self { requester, network, job, requester_tokens, vault })
    }
}

pub struct CreateJobArgs<'a> {
    pub nonce: u64,
    pub deposit: u64,
    pub price: u64,
    pub cap_price: u64,
    pub tasks: u32,
    pub max_units: u32,
    pub lease_epochs: u32,
    pub work_kind: u16,
    /// RULE_*
    pub rule: u8,
    pub replicas: u8,
    pub spec_hash: &'a [u8; 32],
    pub allow_root: &'a [u8; 32],
}

impl<'a> CreateJobArgs<'a> {
    #[inline(always)]
    pub fn parse(data: &'a [u8]) -> Result<Self, Error> {
        let fixed = of_size::<112>(data)?;
        Ok(Self {
            nonce: value_at::<u64, 0, _>(fixed),
            deposit: value_at::<u64, 8, _>(fixed),
            price: value_at::<u64, 16, _>(fixed),
            cap_price: value_at::<u64, 24, _>(fixed),
            tasks: value_at::<u32, 32, _>(fixed),
            max_units: value_at::<u32, 36, _>(fixed),
            lease_epochs: value_at::<u32, 40, _>(fixed),
            work_kind: value_at::<u16, 44, _>(fixed),
            rule: value_at::<u8, 46, _>(fixed),
            replicas: value_at::<u8, 47, _>(fixed),
            spec_hash: bytes_at::<48, _>(fixed),
            allow_root: bytes_at::<80, _>(fixed),
        })
    }
}

pub struct CloseJobAccounts<'a> {
    pub requester: &'a mut AccountView,
    pub job: &'a mut AccountView,
}

impl Rights<2> for CloseJobAccounts<'_> {
    const EACH: [u8; 2] = [SIGNER, WRITABLE];
}

impl<'a> CloseJobAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [requester, job] = exactly::<Self, 2>(program, accounts)?;
        Ok(Self { requester, job })
    }
}

/// Anyone: pays deposit - charged to the requester under a final root whose jobs leaf says done, and closes the account.
pub struct RefundJobAccounts<'a> {
    /// gets the rent back
    pub requester: &'a mut AccountView,
    pub network: &'a mut AccountView,
    pub job: &'a mut AccountView,
    pub vault: &'a mut AccountView,
    /// the requester's associated token account; signed by the requester: any token account it owns
    pub destination: &'a mut AccountView,
}

impl Rights<6> for RefundJobAccounts<'_> {
    const EACH: [u8; 6] = [WRITABLE, WRITABLE, WRITABLE, WRITABLE, WRITABLE, TOKEN_PROGRAM];
}

impl<'a> RefundJobAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [requester, network, job, vault, destination, _] = exactly::<Self, 6>(program, accounts)?;
        Ok(Self { requester, network, job, vault, destination })
    }
}

pub struct RefundJobArgs<'a> {
    /// one of the kept roots
    pub root_epoch: i64,
    /// the leaf's amount: charged
    pub amount: u64,
    /// of the leaf's detail
    pub rest: &'a [u8; 32],
    /// of the associated token account; ignored when the requester signs
    pub ata_bump: u8,
    pub proof: &'a [[u8; 32]],
}

impl<'a> RefundJobArgs<'a> {
    #[inline(always)]
    pub fn parse(data: &'a [u8]) -> Result<Self, Error> {
        let (fixed, list) = with_list::<49>(data)?;
        Ok(Self {
            root_epoch: value_at::<i64, 0, _>(fixed),
            amount: value_at::<u64, 8, _>(fixed),
            rest: bytes_at::<16, _>(fixed),
            ata_bump: value_at::<u8, 48, _>(fixed),
            proof: list,
        })
    }
}

/// One or more vote keys of the snapshot post inventory roots, report commits, or that they hold a job.
pub struct PostAccounts<'a> {
    /// for holdings: an epoch that isn't final; its seats weigh
    pub epoch: &'a mut AccountView,
    /// for holdings only
    pub job: Option<&'a mut AccountView>,
    pub voters: &'a mut [AccountView],
}

impl Rights<2> for PostAccounts<'_> {
    const EACH: [u8; 2] = [WRITABLE, OPTIONAL | WRITABLE];
}

impl<'a> PostAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let ([epoch, job], voters) = with_signers::<Self, 2, 1, 8>(program, accounts)?;
        let job = optional(program, job);
        Ok(Self { epoch, job, voters })
    }
}

pub struct PostArgs<'a> {
    /// POST_*
    pub what: u8,
    /// of the epoch
    pub number: i64,
    /// one a voter, in their order; none for holdings
    pub values: &'a [[u8; 32]],
}

impl<'a> PostArgs<'a> {
    #[inline(always)]
    pub fn parse(data: &'a [u8]) -> Result<Self, Error> {
        let (fixed, list) = with_list::<9>(data)?;
        Ok(Self {
            what: value_at::<u8, 0, _>(fixed),
            number: value_at::<i64, 1, _>(fixed),
            values: list,
        })
    }
}

/// Anyone: seals the network's next_seal with the first slot hash at or after its target, copies activity to the roster and writes the next epoch's snapshot. When that hash can't be read any more, only moves the target to now + margin.
pub struct SealEpochAccounts<'a> {
    pub network: &'a mut AccountView,
    pub roster: &'a mut AccountView,
    /// number = next_seal
    pub epoch: &'a mut AccountView,
    /// ring = (next_seal + 1) mod 4
    pub next_epoch: &'a mut AccountView,
}

impl Rights<4> for SealEpochAccounts<'_> {
    const EACH: [u8; 4] = [WRITABLE, WRITABLE, WRITABLE, WRITABLE];
}

impl<'a> SealEpochAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [network, roster, epoch, next_epoch] = exactly::<Self, 4>(program, accounts)?;
        Ok(Self { network, roster, epoch, next_epoch })
    }
}

/// The round's proposer proposes the attestation of last_final + 1; the program computes its hash, with network, seed and previous from the chain.
pub struct ProposeAccounts<'a> {
    /// vote key of the drawn seat
    pub proposer: &'a mut AccountView,
    pub network: &'a mut AccountView,
    pub epoch: &'a mut AccountView,
}

impl Rights<3> for ProposeAccounts<'_> {
    const EACH: [u8; 3] = [SIGNER, 0, WRITABLE];
}

impl<'a> ProposeAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [proposer, network, epoch] = exactly::<Self, 3>(program, accounts)?;
        Ok(Self { proposer, network, epoch })
    }
}

pub struct ProposeArgs<'a> {
    pub number: i64,
    pub round: u64,
    pub facts_hash: &'a [u8; 32],
    pub inputs_root: &'a [u8; 32],
    pub accounts: LedgerRoot,
    pub jobs: LedgerRoot,
    pub slashes: LedgerRoot,
    pub nodes_root: &'a [u8; 32],
    pub workforce_root: &'a [u8; 32],
    pub state_hash: &'a [u8; 32],
}

impl<'a> ProposeArgs<'a> {
    #[inline(always)]
    pub fn parse(data: &'a [u8]) -> Result<Self, Error> {
        let fixed = of_size::<320>(data)?;
        Ok(Self {
            number: value_at::<i64, 0, _>(fixed),
            round: value_at::<u64, 8, _>(fixed),
            facts_hash: bytes_at::<16, _>(fixed),
            inputs_root: bytes_at::<48, _>(fixed),
            accounts: struct_at::<LedgerRoot, 80, _>(fixed),
            jobs: struct_at::<LedgerRoot, 128, _>(fixed),
            slashes: struct_at::<LedgerRoot, 176, _>(fixed),
            nodes_root: bytes_at::<224, _>(fixed),
            workforce_root: bytes_at::<256, _>(fixed),
            state_hash: bytes_at::<288, _>(fixed),
        })
    }
}

/// Anyone: after the round's slots without a quorum, clears candidate and votes.
pub struct NextRoundAccounts<'a> {
    pub epoch: &'a mut AccountView,
}

impl Rights<1> for NextRoundAccounts<'_> {
    const EACH: [u8; 1] = [WRITABLE];
}

impl<'a> NextRoundAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [epoch] = exactly::<Self, 1>(program, accounts)?;
        Ok(Self { epoch })
    }
}

pub struct NextRoundArgs {
    pub number: i64,
    /// the round that ends
    pub round: u64,
}

impl NextRoundArgs {
    #[inline(always)]
    pub fn parse(data: &[u8]) -> Result<Self, Error> {
        let fixed = of_size::<16>(data)?;
        Ok(Self {
            number: value_at::<i64, 0, _>(fixed),
            round: value_at::<u64, 8, _>(fixed),
        })
    }
}

/// One or more vote keys of the snapshot vote for the candidate whose hash they name.
pub struct VoteAccounts<'a> {
    pub epoch: &'a mut AccountView,
    pub voters: &'a mut [AccountView],
}

impl Rights<1> for VoteAccounts<'_> {
    const EACH: [u8; 1] = [WRITABLE];
}

impl<'a> VoteAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let ([epoch], voters) = with_signers::<Self, 1, 1, 10>(program, accounts)?;
        Ok(Self { epoch, voters })
    }
}

pub struct VoteArgs<'a> {
    /// it commits to network, epoch and round
    pub attestation: &'a [u8; 32],
}

impl<'a> VoteArgs<'a> {
    #[inline(always)]
    pub fn parse(data: &'a [u8]) -> Result<Self, Error> {
        let fixed = of_size::<32>(data)?;
        Ok(Self {
            attestation: bytes_at::<0, _>(fixed),
        })
    }
}

/// Anyone: more than 2/3 have voted and the dispute slots are over: pushes the roots. If refunds since the proposal leave too little for them, cancels the candidate instead and begins the next round.
pub struct FinalizeAccounts<'a> {
    pub network: &'a mut AccountView,
    /// number = last_final + 1
    pub epoch: &'a mut AccountView,
    /// gets previous_final_slot and, with a quorum, its target
    pub next_epoch: &'a mut AccountView,
}

impl Rights<3> for FinalizeAccounts<'_> {
    const EACH: [u8; 3] = [WRITABLE, WRITABLE, WRITABLE];
}

impl<'a> FinalizeAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [network, epoch, next_epoch] = exactly::<Self, 3>(program, accounts)?;
        Ok(Self { network, epoch, next_epoch })
    }
}

/// Anyone: proves a leaf under the latest final root, to be compared with the candidate's.
pub struct OpenDisputeAccounts<'a> {
    pub disputer: &'a mut AccountView,
    pub network: &'a mut AccountView,
    /// with a candidate
    pub epoch: &'a mut AccountView,
    pub dispute: &'a mut AccountView,
}

impl Rights<5> for OpenDisputeAccounts<'_> {
    const EACH: [u8; 5] = [SIGNER | WRITABLE, 0, 0, WRITABLE, SYSTEM_PROGRAM];
}

impl<'a> OpenDisputeAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [disputer, network, epoch, dispute, _] = exactly::<Self, 5>(program, accounts)?;
        Ok(Self { disputer, network, epoch, dispute })
    }
}

pub struct OpenDisputeArgs<'a> {
    /// LEDGER_*
    pub ledger: u8,
    pub index: u64,
    pub amount: u64,
    pub owner: &'a Address,
    pub detail: &'a [u8; 32],
    pub proof: &'a [[u8; 32]],
}

impl<'a> OpenDisputeArgs<'a> {
    #[inline(always)]
    pub fn parse(data: &'a [u8]) -> Result<Self, Error> {
        let (fixed, list) = with_list::<81>(data)?;
        Ok(Self {
            ledger: value_at::<u8, 0, _>(fixed),
            index: value_at::<u64, 1, _>(fixed),
            amount: value_at::<u64, 9, _>(fixed),
            owner: address_at::<17, _>(fixed),
            detail: bytes_at::<49, _>(fixed),
            proof: list,
        })
    }
}

/// Anyone: proves the leaf at the same index under the candidate; a smaller amount or another owner cancels the candidate, begins the next round, burns max_slash of each voter's stake but a tenth, which goes to the disputer, and closes the dispute.
pub struct ProveDisputeAccounts<'a> {
    /// of the dispute; gets the rent back
    pub disputer: &'a mut AccountView,
    pub network: &'a mut AccountView,
    pub epoch: &'a mut AccountView,
    pub dispute: &'a mut AccountView,
    pub roster: &'a mut AccountView,
    pub mint: &'a mut AccountView,
    pub stake_vault: &'a mut AccountView,
    /// a token account that the disputer owns
    pub destination: &'a mut AccountView,
}

impl Rights<9> for ProveDisputeAccounts<'_> {
    const EACH: [u8; 9] = [WRITABLE, WRITABLE, WRITABLE, WRITABLE, WRITABLE, WRITABLE, WRITABLE, WRITABLE, TOKEN_PROGRAM];
}

impl<'a> ProveDisputeAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [disputer, network, epoch, dispute, roster, mint, stake_vault, destination, _] = exactly::<Self, 9>(program, accounts)?;
        Ok(Self { disputer, network, epoch, dispute, roster, mint, stake_vault, destination })
    }
}

pub struct ProveDisputeArgs<'a> {
    pub amount: u64,
    pub owner: &'a Address,
    pub detail: &'a [u8; 32],
    pub proof: &'a [[u8; 32]],
}

impl<'a> ProveDisputeArgs<'a> {
    #[inline(always)]
    pub fn parse(data: &'a [u8]) -> Result<Self, Error> {
        let (fixed, list) = with_list::<72>(data)?;
        Ok(Self {
            amount: value_at::<u64, 0, _>(fixed),
            owner: address_at::<8, _>(fixed),
            detail: bytes_at::<40, _>(fixed),
            proof: list,
        })
    }
}

/// Anyone: makes a page that the account count of the latest final root needs.
pub struct OpenPageAccounts<'a> {
    pub payer: &'a mut AccountView,
    pub network: &'a mut AccountView,
    pub page: &'a mut AccountView,
}

impl Rights<4> for OpenPageAccounts<'_> {
    const EACH: [u8; 4] = [SIGNER | WRITABLE, 0, WRITABLE, SYSTEM_PROGRAM];
}

impl<'a> OpenPageAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [payer, network, page, _] = exactly::<Self, 4>(program, accounts)?;
        Ok(Self { payer, network, page })
    }
}

pub struct OpenPageArgs {
    pub number: u32,
}

impl OpenPageArgs {
    #[inline(always)]
    pub fn parse(data: &[u8]) -> Result<Self, Error> {
        let fixed = of_size::<4>(data)?;
        Ok(Self {
            number: value_at::<u32, 0, _>(fixed),
        })
    }
}

/// Pays amount - claimed of an account's leaf. Signed by the wallet: to any token account it owns, without fee. Carried: to its associated token account, at least min_amount, with a fee of at most max_fee.
pub struct ClaimAccounts<'a> {
    pub network: &'a mut AccountView,
    pub page: &'a mut AccountView,
    /// the leaf's owner
    pub wallet: &'a mut AccountView,
    pub vault: &'a mut AccountView,
    pub destination: &'a mut AccountView,
    /// the carrier's token account; needed if fee > 0
    pub fee_destination: Option<&'a mut AccountView>,
}

impl Rights<7> for ClaimAccounts<'_> {
    const EACH: [u8; 7] = [WRITABLE, WRITABLE, 0, WRITABLE, WRITABLE, OPTIONAL | WRITABLE, TOKEN_PROGRAM];
}

impl<'a> ClaimAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [network, page, wallet, vault, destination, fee_destination, _] = exactly::<Self, 7>(program, accounts)?;
        let fee_destination = optional(program, fee_destination);
        Ok(Self { network, page, wallet, vault, destination, fee_destination })
    }
}

pub struct ClaimArgs<'a> {
    /// one of the kept roots
    pub root_epoch: i64,
    pub index: u32,
    /// of the wallet's associated token account; ignored when the wallet signs
    pub ata_bump: u8,
    /// the leaf's amount: ever released
    pub amount: u64,
    pub min_amount: u64,
    pub max_fee: u64,
    pub rest: &'a [u8; 32],
    pub fee: u64,
    pub proof: &'a [[u8; 32]],
}

impl<'a> ClaimArgs<'a> {
    #[inline(always)]
    pub fn parse(data: &'a [u8]) -> Result<Self, Error> {
        let (fixed, list) = with_list::<77>(data)?;
        Ok(Self {
            root_epoch: value_at::<i64, 0, _>(fixed),
            index: value_at::<u32, 8, _>(fixed),
            ata_bump: value_at::<u8, 12, _>(fixed),
            amount: value_at::<u64, 13, _>(fixed),
            min_amount: value_at::<u64, 21, _>(fixed),
            max_fee: value_at::<u64, 29, _>(fixed),
            rest: bytes_at::<37, _>(fixed),
            fee: value_at::<u64, 69, _>(fixed),
            proof: list,
        })
    }
}

/// Anyone: burns what a verifier's slashes leaf says and was not applied yet, at most max_slash of its stake per epoch.
pub struct ApplySlashAccounts<'a> {
    pub network: &'a mut AccountView,
    pub roster: &'a mut AccountView,
    pub verifier: &'a mut AccountView,
    pub mint: &'a mut AccountView,
    pub stake_vault: &'a mut AccountView,
}

impl Rights<6> for ApplySlashAccounts<'_> {
    const EACH: [u8; 6] = [WRITABLE, WRITABLE, WRITABLE, WRITABLE, WRITABLE, TOKEN_PROGRAM];
}

impl<'a> ApplySlashAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [network, roster, verifier, mint, stake_vault, _] = exactly::<Self, 6>(program, accounts)?;
        Ok(Self { network, roster, verifier, mint, stake_vault })
    }
}

pub struct ApplySlashArgs<'a> {
    pub root_epoch: i64,
    pub amount: u64,
    /// the slashes leaf's rest32
    pub detail: &'a [u8; 32],
    pub proof: &'a [[u8; 32]],
}

impl<'a> ApplySlashArgs<'a> {
    #[inline(always)]
    pub fn parse(data: &'a [u8]) -> Result<Self, Error> {
        let (fixed, list) = with_list::<48>(data)?;
        Ok(Self {
            root_epoch: value_at::<i64, 0, _>(fixed),
            amount: value_at::<u64, 8, _>(fixed),
            detail: bytes_at::<16, _>(fixed),
            proof: list,
        })
    }
}

/// Anyone: closes a dispute whose epoch is final; its disputer gets the rent back.
pub struct CloseDisputeAccounts<'a> {
    /// of the dispute
    pub disputer: &'a mut AccountView,
    pub network: &'a mut AccountView,
    pub dispute: &'a mut AccountView,
}

impl Rights<3> for CloseDisputeAccounts<'_> {
    const EACH: [u8; 3] = [WRITABLE, 0, WRITABLE];
}

impl<'a> CloseDisputeAccounts<'a> {
    #[inline(always)]
    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {
        let [disputer, network, dispute] = exactly::<Self, 3>(program, accounts)?;
        Ok(Self { disputer, network, dispute })
    }
}

