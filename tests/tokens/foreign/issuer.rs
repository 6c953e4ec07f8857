//! An issuer on this machine, with a key of each kind.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
use axum::routing::get;
use axum::{Json, Router};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use tidegate_auth::external::ExternalAlgorithm;
use tidegate_gateway::config::TrustedIssuer;
use tidegate_model::Clock as _;
use tidegate_testkit::Shop;

pub(crate) const ED: ExternalAlgorithm = ExternalAlgorithm::EdDsa;
pub(crate) const ES: ExternalAlgorithm = ExternalAlgorithm::Es256;
const AUDIENCE: &str = "tidegate";

/// A running issuer; it ends with the test's runtime.
pub(crate) struct Issuer {
    pub(crate) url: String,
    ed: Ed25519KeyPair,
    es: EcdsaKeyPair,
}

/// The seconds of the shop's clock.
pub(crate) fn now(shop: &Shop) -> i64 {
    shop.clock.now().unix_timestamp()
}

impl Issuer {
    pub(crate) async fn start() -> Self {
        let ed = Ed25519KeyPair::generate().unwrap();
        let es = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let point = es.public_key().as_ref();
        let keys = json!({ "keys": [
            { "kty": "OKP", "crv": "Ed25519", "kid": "EdDSA", "use": "sig", "x": encode(ed.public_key().as_ref()) },
            { "kty": "EC", "crv": "P-256", "kid": "ES256", "use": "sig", "x": encode(&point[1..33]), "y": encode(&point[33..]) },
        ] });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().route("/jwks", get(move || async move { Json(keys) }));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, ed, es }
    }

    /// How a shop is told of it.
    pub(crate) fn trusted(&self) -> TrustedIssuer {
        TrustedIssuer {
            issuer: self.url.clone(),
            audience: AUDIENCE.to_owned(),
            algorithms: vec![ED, ES],
            requires_type: true,
            jwks_url: Some(format!("{}/jwks", self.url)),
        }
    }

    /// An access token made now, for an hour; `claims` replace its own, and null takes one away.
    pub(crate) fn token(&self, shop: &Shop, algorithm: ExternalAlgorithm, subject: &str, claims: &Value) -> String {
        let mut all = json!({
            "iss": self.url, "aud": AUDIENCE, "sub": subject, "iat": now(shop), "exp": now(shop) + 3_600,
            "email": "ada@example.com", "email_verified": true, "given_name": "Ada", "family_name": "Byron",
        });
        for (name, claim) in claims.as_object().unwrap() {
            all[name] = claim.clone();
        }
        all.as_object_mut().unwrap().retain(|_, claim| !claim.is_null());
        let header = json!({ "typ": "at+jwt", "alg": algorithm.as_str(), "kid": algorithm.as_str() });
        let message = format!("{}.{}", encode(header.to_string().as_bytes()), encode(all.to_string().as_bytes()));
        let signature = if algorithm == ED {
            encode(self.ed.sign(message.as_bytes()).as_ref())
        } else {
            encode(self.es.sign(&SystemRandom::new(), message.as_bytes()).unwrap().as_ref())
        };
        format!("{message}.{signature}")
    }
}

fn encode(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}
