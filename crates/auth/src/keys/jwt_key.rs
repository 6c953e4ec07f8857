//! The key pair that signs access tokens, derived from a master secret.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};

use super::{
    SigningAlgorithm,
    purpose::{DeriveError, Purpose, derive},
};

/// Both halves, prepared for `jsonwebtoken`, and the public half as a JWK unless the key is
/// symmetric.
pub(crate) struct JwtKey {
    pub(crate) encoding: EncodingKey,
    pub(crate) decoding: DecodingKey,
    /// The members that describe the key material (RFC 7517), without `kid`, `alg` and `use`.
    pub(crate) public: Option<Value>,
}

/// A P-256 private key without its public half (RFC 5915): the scalar goes between the two parts.
/// AWS-LC computes the public half and refuses a scalar outside of 1..n.
const P256_DER_HEAD: [u8; 7] = [0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20];
const P256_DER_TAIL: [u8; 12] = [0xA0, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];

impl JwtKey {
    pub(crate) fn derive(master: &[u8; 32], algorithm: SigningAlgorithm) -> Result<Self, DeriveError> {
        match algorithm {
            SigningAlgorithm::Hs256 => Ok(hs256(&derive(master, Purpose::Access, algorithm, 0)?)),
            SigningAlgorithm::EdDsa => ed25519(&derive(master, Purpose::Access, algorithm, 0)?),
            // Rejection sampling keeps the scalar uniform; one candidate in 2^32 is refused.
            SigningAlgorithm::Es256 => (0..=u8::MAX)
                .find_map(|attempt| {
                    let scalar = derive(master, Purpose::Access, algorithm, attempt).ok()?;
                    p256(&scalar).ok()
                })
                .ok_or(DeriveError),
        }
    }
}

fn hs256(secret: &[u8; 32]) -> JwtKey {
    JwtKey { encoding: EncodingKey::from_secret(secret), decoding: DecodingKey::from_secret(secret), public: None }
}

fn ed25519(seed: &[u8; 32]) -> Result<JwtKey, DeriveError> {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| DeriveError)?;
    let pkcs8 = pair.to_pkcs8v1().map_err(|_| DeriveError)?;
    let public = pair.public_key().as_ref();
    Ok(JwtKey {
        encoding: EncodingKey::from_ed_der(pkcs8.as_ref()),
        decoding: DecodingKey::from_ed_der(public),
        public: Some(json!({
            "kty": "OKP",
            "crv": "Ed25519",
            "x": BASE64URL_NOPAD.encode(public),
        })),
    })
}

fn p256(scalar: &[u8; 32]) -> Result<JwtKey, DeriveError> {
    let der = [P256_DER_HEAD.as_slice(), scalar, &P256_DER_TAIL].concat();
    let pair = EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_FIXED_SIGNING, &der).map_err(|_| DeriveError)?;
    let pkcs8 = pair.to_pkcs8v1().map_err(|_| DeriveError)?;
    // An uncompressed point: 4, x, y (SEC 1 section 2.3.3).
    let point = pair.public_key().as_ref();
    let (x, y) =
        point.strip_prefix(&[4]).and_then(|coordinates| coordinates.split_at_checked(32)).ok_or(DeriveError)?;
    Ok(JwtKey {
        encoding: EncodingKey::from_ec_der(pkcs8.as_ref()),
        decoding: DecodingKey::from_ec_der(point),
        public: Some(json!({
            "kty": "EC",
            "crv": "P-256",
            "x": BASE64URL_NOPAD.encode(x),
            "y": BASE64URL_NOPAD.encode(y),
        })),
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    #[test]
    fn a_p256_public_key_is_the_one_of_its_scalar() {
        // RFC 6979 appendix A.2.5.
        let hex = |text: &str| HEXLOWER.decode(text.as_bytes()).unwrap();
        let scalar = hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
        let x = hex("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6");
        let y = hex("7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");

        let key = p256(&scalar.try_into().unwrap()).unwrap();

        let public = key.public.unwrap();
        assert_eq!(public["x"], BASE64URL_NOPAD.encode(&x));
        assert_eq!(public["y"], BASE64URL_NOPAD.encode(&y));
    }

    #[test]
    fn scalars_that_are_no_key_are_refused() {
        let order = HEXLOWER.decode(b"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551").unwrap();

        assert!(p256(&[0; 32]).is_err());
        assert!(p256(&order.try_into().unwrap()).is_err());
        assert!(p256(&[0xFF; 32]).is_err());
    }

    #[test]
    fn an_ed25519_public_key_is_the_one_of_its_seed() {
        // RFC 8032 section 7.1, test 1.
        let hex = |text: &str| HEXLOWER.decode(text.as_bytes()).unwrap();
        let seed = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        let public = hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

        let key = ed25519(&seed.try_into().unwrap()).unwrap();

        assert_eq!(key.public.unwrap()["x"], BASE64URL_NOPAD.encode(&public));
    }
}
