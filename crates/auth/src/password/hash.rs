//! Hashes of passwords, as PHC strings that carry their own parameters.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordVerifier as _, phc::PasswordHash},
};
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE64_NOPAD;

use super::{HashCost, Password};

/// The longest hash that is read; ours have 97 characters.
const MAX_PHC_LEN: usize = 512;

/// The salt of [`dummy`].
const DUMMY_SALT: &[u8; 16] = b"tidegate/no-salt";

/// The machine had no memory for a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the password could not be hashed: no memory")]
pub struct NotHashed;

/// The Argon2id hash of a password under a salt of its own, such as
/// `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<32 bytes>`.
pub fn hash(password: &Password, salt: [u8; 16], cost: HashCost) -> Result<String, NotHashed> {
    let params = Params::new(cost.memory_kib(), cost.iterations(), cost.lanes(), Some(32)).map_err(|_| NotHashed)?;
    let mut output = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), &salt, &mut output)
        .map_err(|_| NotHashed)?;
    Ok(phc(cost, &salt, &output))
}

/// Whether the password is the one of the hash. The work done is that of the hash's own parameters whatever the
/// password is; hashes that are malformed, not Argon2id or of an absurd cost match nothing and are not run.
#[must_use]
pub fn verify(password: &Password, phc: &str) -> bool {
    let Some((hash, _)) = read(phc) else { return false };
    // The comparison of the library takes the same time wherever the two differ.
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

/// Whether a hash should be made anew, at a login that has just proved the password. Any other cost is a reason, a
/// higher one too: while all hashes cost the same, the time of a login does not tell that [`dummy`] was used.
#[must_use]
pub fn needs_upgrade(phc: &str, cost: HashCost) -> bool {
    read(phc).is_none_or(|(_, found)| found != cost)
}

/// A hash to verify against where there is no account or no password, so that it takes the time of a real one. No
/// password matches: its last part is not the output of Argon2id but a SHA-256 of a label. It costs nothing to make.
#[must_use]
pub fn dummy(cost: HashCost) -> String {
    phc(cost, DUMMY_SALT, digest(&SHA256, b"tidegate/no-password/v1").as_ref())
}

fn read(phc: &str) -> Option<(PasswordHash, HashCost)> {
    let hash = Some(phc).filter(|phc| phc.len() <= MAX_PHC_LEN).and_then(|phc| PasswordHash::new(phc).ok())?;
    let cost = HashCost::of(&hash)?;
    // A short output would make another password match by chance.
    hash.hash.as_ref().filter(|output| output.len() >= 16)?;
    Some((hash, cost))
}

fn phc(cost: HashCost, salt: &[u8], output: &[u8]) -> String {
    format!(
        "$argon2id$v=19$m={},t={},p={}${}${}",
        cost.memory_kib(),
        cost.iterations(),
        cost.lanes(),
        BASE64_NOPAD.encode(salt),
        BASE64_NOPAD.encode(output)
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WEAK: HashCost = HashCost::weak_for_tests();

    fn password(text: &str) -> Password {
        Password::for_verification(text).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_password_matches_its_own_hash_only(text in ".{0,32}", other in ".{0,32}", salt: [u8; 16]) {
            let stored = hash(&password(&text), salt, WEAK).unwrap();

            prop_assert!(verify(&password(&text), &stored));
            prop_assert_eq!(verify(&password(&other), &stored), text == other);
            prop_assert!(!needs_upgrade(&stored, WEAK));
        }
    }

    #[test]
    fn the_hash_never_changes() {
        // Computed by the reference implementation, libargon2.
        let stored = hash(&password("password"), *b"somesaltsomesalt", HashCost::OWASP).unwrap();

        assert_eq!(
            stored,
            "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$K13EBUiG7JV+9ZxztmHFTdb7J0WQsnj2V8bZaqyPptE"
        );
        assert!(verify(&password("password"), &stored));
        assert!(!verify(&password("Password"), &stored));
    }

    #[test]
    fn bytes_are_kept_exact() {
        let (nfc, nfd) = ("caf\u{e9} au lait", "cafe\u{301} au lait");
        let stored = hash(&password(nfc), [1; 16], WEAK).unwrap();

        assert!(verify(&password(nfc), &stored));
        for other in [nfd, "caf\u{e9} au lait ", " caf\u{e9} au lait", "caf\u{e9} au lai", "caf\u{e9} au lait\0"] {
            assert!(!verify(&password(other), &stored), "{other:?}");
        }
    }

    #[test]
    fn all_128_bytes_count() {
        let long = "x".repeat(128);
        let stored = hash(&password(&long), [1; 16], WEAK).unwrap();

        assert!(!verify(&password(&long[..127]), &stored));
        assert!(!verify(&password(&format!("{}y", &long[..127])), &stored));
    }

    #[test]
    fn salts_tell_equal_passwords_apart() {
        let one = hash(&password("the same"), [1; 16], WEAK).unwrap();

        assert_ne!(one, hash(&password("the same"), [2; 16], WEAK).unwrap());
    }

    #[test]
    fn another_cost_is_upgraded() {
        let stored = hash(&password("some text"), [1; 16], WEAK).unwrap();

        assert!(needs_upgrade(&stored, HashCost::OWASP));
        assert!(needs_upgrade(&dummy(HashCost::new(65_536, 3, 1).unwrap()), HashCost::OWASP));
        assert!(!needs_upgrade(&dummy(HashCost::OWASP), HashCost::OWASP));
        assert!(needs_upgrade("", HashCost::OWASP));
    }

    #[test]
    fn nothing_matches_the_dummy_and_every_process_makes_the_same() {
        let dummy = super::dummy(WEAK);

        assert_eq!(dummy, super::dummy(WEAK));
        for text in ["", "password", "tidegate/no-password/v1", dummy.as_str()] {
            assert!(!verify(&password(text), &dummy));
        }
        assert!(read(&dummy).is_some(), "the work is done");
        assert_eq!(dummy.len(), hash(&password(""), [1; 16], WEAK).unwrap().len());
    }

    #[test]
    fn absurd_and_foreign_hashes_are_not_run() {
        let stored = hash(&password("password"), [1; 16], WEAK).unwrap();
        let salt_and_output = stored.splitn(5, '$').nth(4).unwrap();
        for cost in [
            "m=1048577,t=1,p=1",
            "m=4294967295,t=1,p=1",
            "m=64,t=17,p=1",
            "m=64,t=4294967295,p=1",
            "m=64,t=1,p=17",
            "m=64,t=0,p=1",
            "m=64,t=1,p=0",
            "m=64,t=1",
            "m=64,t=1,p=1,data=AAAA",
            "m=-64,t=1,p=1",
            "m=99999999999,t=1,p=1",
        ] {
            assert!(read(&format!("$argon2id$v=19${cost}${salt_and_output}")).is_none(), "{cost}");
        }
        let short_output = stored.rsplit_once('$').unwrap().0.to_owned() + "$AAAAAAAAAAAAAA";
        for other in [
            stored.replace("argon2id", "argon2i"),
            stored.replace("argon2id", "argon2d"),
            stored.replace("v=19", "v=16"),
            stored.replace("$v=19", ""),
            stored.rsplit_once('$').unwrap().0.to_owned(),
            short_output,
            format!("{stored}$"),
            format!("{stored}{}", "A".repeat(512)),
            "password".to_owned(),
            String::new(),
        ] {
            assert!(read(&other).is_none(), "{other}");
            assert!(!verify(&password("password"), &other), "{other}");
        }
    }

    #[test]
    fn a_hash_fits_its_column() {
        let highest = HashCost::new(1 << 20, 16, 16).unwrap();

        assert!(dummy(highest).len() <= 120);
    }
}
