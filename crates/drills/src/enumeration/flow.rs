//! The flows that take an e-mail address, and what they are asked.

use serde_json::{Value, json};

/// The password of every account here.
pub(super) const PASSWORD: &str = "correct horse battery";
/// How often one account is asked to sign in: fewer times than would be throttled.
const LOGINS: u32 = 8;

/// A flow whose answer must not tell whether an address is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Login,
    Register,
    PasswordResetSend,
    VerificationSend,
    /// The same; known is an address whose registration waits for its confirmation.
    WaitingVerificationSend,
    LoginCodeSend,
    EmailChangeRequest,
}

impl Flow {
    pub(super) const ALL: [Self; 7] = [
        Self::Login,
        Self::Register,
        Self::PasswordResetSend,
        Self::VerificationSend,
        Self::WaitingVerificationSend,
        Self::LoginCodeSend,
        Self::EmailChangeRequest,
    ];

    /// Its name, as `--only` takes it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Register => "customerRegister",
            Self::PasswordResetSend => "passwordResetSend",
            Self::VerificationSend => "customerVerificationSend",
            Self::WaitingVerificationSend => "customerVerificationSend-waiting",
            Self::LoginCodeSend => "loginCodeSend",
            Self::EmailChangeRequest => "emailChangeRequest",
        }
    }

    /// What the e-mail addresses of this flow begin with: mails to one address are throttled over all flows.
    pub(super) fn prefix(self) -> char {
        match self {
            Self::Login => 'a',
            Self::Register => 'b',
            Self::PasswordResetSend => 'c',
            Self::VerificationSend => 'd',
            Self::WaitingVerificationSend => 'e',
            Self::LoginCodeSend => 'f',
            Self::EmailChangeRequest => 'g',
        }
    }

    /// The address of a pair's half. Known and unknown ones have the same length and are used as often.
    pub(super) fn email(self, known: bool, pair: u32) -> String {
        let number = if self == Self::Login { pair / LOGINS } else { pair };
        format!("{}{number:06}@{}.example", self.prefix(), if known { "yes" } else { "not" })
    }

    /// The body of a request about an address.
    pub(super) fn body(self, email: &str) -> String {
        let (document, variables) = match self {
            Self::Login => (
                "mutation($input: LoginInput!) { login(input: $input) { tokens { accessToken } errors { code } } }",
                json!({ "input": { "password": { "email": email, "password": "wrong horse battery" } } }),
            ),
            Self::Register => (
                "mutation($input: CustomerRegisterInput!) { customerRegister(input: $input) { errors { code } } }",
                json!({ "input": { "email": email, "password": PASSWORD } }),
            ),
            Self::PasswordResetSend => {
                ("mutation($email: String!) { passwordResetSend(email: $email) { errors { code } } }", to(email))
            }
            Self::VerificationSend | Self::WaitingVerificationSend => {
                ("mutation($email: String!) { customerVerificationSend(email: $email) { errors { code } } }", to(email))
            }
            Self::LoginCodeSend => {
                ("mutation($email: String!) { loginCodeSend(email: $email) { errors { code } } }", to(email))
            }
            Self::EmailChangeRequest => (
                "mutation($email: String!, $password: String!) {
                    emailChangeRequest(email: $email, password: $password) { errors { code } } }",
                json!({ "email": email, "password": PASSWORD }),
            ),
        };
        json!({ "query": document, "variables": variables }).to_string()
    }

    /// Whether an answer is the one that both must get.
    pub(super) fn is_right(self, answer: &Value) -> bool {
        let payload = answer["data"].as_object().and_then(|data| data.values().next());
        let errors = payload.and_then(|payload| payload["errors"].as_array());
        let codes: Option<Vec<_>> = errors.map(|errors| errors.iter().map(|error| error["code"].as_str()).collect());
        codes == Some(if self == Self::Login { vec![Some("INVALID_CREDENTIALS")] } else { Vec::new() })
    }
}

fn to(email: &str) -> Value {
    json!({ "email": email })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_of_a_pair_differ_in_nothing_but_the_name() {
        for flow in Flow::ALL {
            let (known, unknown) = (flow.email(true, 77), flow.email(false, 77));

            assert_ne!(known, unknown);
            assert_eq!(flow.body(&known).replace("@yes", "@not"), flow.body(&unknown));
        }
    }

    #[test]
    fn an_answer_that_was_throttled_is_no_measurement() {
        let limited = json!({ "data": { "x": { "errors": [{ "code": "RATE_LIMITED" }] } } });
        let wrong = json!({ "data": { "login": { "errors": [{ "code": "INVALID_CREDENTIALS" }] } } });
        let taken = json!({ "data": { "x": { "errors": [] } } });

        for flow in Flow::ALL {
            assert!(!flow.is_right(&limited) && !flow.is_right(&json!({ "errors": [] })));
            assert_eq!((flow.is_right(&wrong), flow.is_right(&taken)), (flow == Flow::Login, flow != Flow::Login));
        }
    }
}
