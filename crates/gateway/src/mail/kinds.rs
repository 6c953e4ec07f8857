//! The kinds of mails: what each is called, where its link leads, and what its template may say.

use tidegate_auth::link::LinkPurpose;

/// One kind of mail.
#[derive(Debug)]
pub(super) struct Kind {
    /// What the outbox and the files of a template call it.
    pub(super) name: &'static str,
    /// Where its link leads, below the address of the front end.
    pub(super) path: &'static str,
    /// The secret that only this mail tells.
    pub(super) secret: Secret,
    /// Placeholders besides [`ALWAYS`].
    placeholders: &'static [&'static str],
    /// Its text needs one of these, or nobody could do what the mail is for.
    pub(super) needs: &'static [&'static str],
}

/// What only the reader of a mail knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Secret {
    /// Nothing.
    None,
    /// A token, which the link carries.
    Link(LinkPurpose),
    /// Eight digits to be typed.
    Code,
    /// A token that shows one order.
    Order,
}

/// Placeholders of every template.
const ALWAYS: [&str; 4] = ["greeting", "shop", "storefront", "link"];
const TOKEN: &[&str] = &["token", "valid_for", "expires"];
const LINK_OR_TOKEN: &[&str] = &["link", "token"];

const fn telling(name: &'static str, path: &'static str, placeholders: &'static [&'static str]) -> Kind {
    Kind { name, path, secret: Secret::None, placeholders, needs: &[] }
}

const fn linking(name: &'static str, path: &'static str, purpose: LinkPurpose) -> Kind {
    Kind { name, path, secret: Secret::Link(purpose), placeholders: TOKEN, needs: LINK_OR_TOKEN }
}

/// Every kind that this release can send.
pub(super) static KINDS: [Kind; 11] = [
    linking("VERIFY_EMAIL", "/account/verify-email", LinkPurpose::VerifyEmail),
    telling("HAVE_ACCOUNT", "/account/sign-in", &[]),
    telling("NO_ACCOUNT", "/account/register", &[]),
    linking("PASSWORD_RESET", "/account/reset-password", LinkPurpose::PasswordReset),
    Kind {
        name: "LOGIN_CODE",
        path: "/account/sign-in",
        secret: Secret::Code,
        placeholders: &["code", "valid_for", "expires"],
        needs: &["code"],
    },
    linking("EMAIL_CHANGE", "/account/change-email", LinkPurpose::EmailChange),
    telling("EMAIL_CHANGE_NOTICE", "/account/forgot-password", &["email"]),
    telling("EMAIL_TAKEN", "/account/sign-in", &[]),
    telling("PASSWORD_CHANGED", "/account/forgot-password", &[]),
    telling("NO_ORDER", "/order", &["number"]),
    Kind {
        name: "ORDER_LINK",
        path: "/order",
        secret: Secret::Order,
        placeholders: &["number", "token", "valid_for", "expires"],
        needs: LINK_OR_TOKEN,
    },
];

impl Kind {
    /// Whether the reader may be greeted by the name in the row. In a mail to an address that turned out to be somebody
    /// else's, it is the name of whoever typed the address.
    pub(super) fn names_its_reader(&self) -> bool {
        self.secret != Secret::None
    }

    /// What the template may say.
    pub(super) fn allowed(&self) -> Vec<&'static str> {
        ALWAYS.iter().chain(self.placeholders).copied().collect()
    }
}
