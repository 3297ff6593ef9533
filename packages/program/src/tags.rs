//! The tags that the chain hashes with: 16 ASCII bytes, zero padded.

pub type Tag = [u8; 16];

pub const SEED: Tag = tag("pw/seed");
pub const LEAF: Tag = tag("pw/leaf");
pub const ATTESTATION: Tag = tag("pw/attestation");
pub const PROPOSER: Tag = tag("pw/proposer");

pub const fn tag(text: &str) -> Tag {
    let bytes = text.as_bytes();
    assert!(bytes.len() <= 16);
    let mut tag = [0; 16];
    let mut i = 0;
    while i < bytes.len() {
        tag[i] = bytes[i];
        i += 1;
    }
    tag
}
