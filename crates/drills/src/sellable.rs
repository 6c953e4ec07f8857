//! Which stock codes of the Online Retail data set are products, and what the others are.
//!
//! A product's code is five digits followed by at most two letters (`85123A`, `15056BL`), or `DCGS` followed by
//! letters and digits (`DCGS0003`, a glass ashtray; `DCGSSGIRL`, a party bag). Codes of the right shape that name a
//! service or a voucher are listed one by one. Everything else is bookkeeping. The rule looks at the code alone, so
//! that it holds for months nobody has seen yet.

/// What a stock code stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeKind {
    /// Something that can be put into a cart.
    Product,
    /// `POST`, `DOT`, `C2` and next-day carriage.
    Postage,
    /// `M` and `m`: an amount typed in by hand.
    Manual,
    /// `D`.
    Discount,
    /// `S`: samples sent out.
    Samples,
    /// `BANK CHARGES`.
    BankCharges,
    /// `AMAZONFEE`.
    MarketplaceFee,
    /// `CRUK`: a charity's commission.
    Commission,
    /// `gift_0001_*` and the voucher that was given a five-digit code.
    GiftVoucher,
    /// `PADS`: a by-the-way charge for cushion pads, at a token price.
    Pads,
    /// `B`, `ADJUST*`: bad debt and other corrections.
    Adjustment,
    /// `TEST*`.
    Test,
    /// Any other shape.
    Unknown,
}

/// Five-digit codes that are services, not goods: next-day carriage and a gift voucher of £100.
const SERVICES: [(&str, CodeKind); 2] = [("23444", CodeKind::Postage), ("22016", CodeKind::GiftVoucher)];

/// The SKU of a stock code: without surrounding space and in upper case, because the record writes `85123a` and
/// `85123A` for one article.
#[must_use]
pub fn canonical_sku(code: &str) -> String {
    code.trim().to_ascii_uppercase()
}

/// What a stock code stands for, in whatever case it is written.
#[must_use]
pub fn code_kind(code: &str) -> CodeKind {
    let sku = canonical_sku(code);
    if let Some((_, kind)) = SERVICES.iter().find(|(service, _)| *service == sku) {
        return *kind;
    }
    if has_product_shape(&sku) {
        return CodeKind::Product;
    }
    match sku.as_str() {
        "POST" | "DOT" | "C2" | "C3" => CodeKind::Postage,
        "M" => CodeKind::Manual,
        "D" => CodeKind::Discount,
        "S" => CodeKind::Samples,
        "BANK CHARGES" => CodeKind::BankCharges,
        "AMAZONFEE" => CodeKind::MarketplaceFee,
        "CRUK" => CodeKind::Commission,
        "PADS" => CodeKind::Pads,
        "B" => CodeKind::Adjustment,
        _ if sku.starts_with("GIFT_") => CodeKind::GiftVoucher,
        _ if sku.starts_with("ADJUST") => CodeKind::Adjustment,
        _ if sku.starts_with("TEST") => CodeKind::Test,
        _ => CodeKind::Unknown,
    }
}

/// The five digits that codes of one design share, if the code has them.
#[must_use]
pub fn stem(sku: &str) -> Option<&str> {
    sku.get(..5).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Shape only: five digits and up to two letters, or `DCGS` and letters or digits.
fn has_product_shape(sku: &str) -> bool {
    if let Some(rest) = sku.strip_prefix("DCGS") {
        return !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    }
    let Some(digits) = stem(sku) else {
        return false;
    };
    let letters = &sku[digits.len()..];
    letters.len() <= 2 && letters.bytes().all(|byte| byte.is_ascii_uppercase())
}

impl CodeKind {
    /// The kind's name in a report.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Product => "products",
            Self::Postage => "postage and carriage",
            Self::Manual => "manual amounts",
            Self::Discount => "discounts",
            Self::Samples => "samples",
            Self::BankCharges => "bank charges",
            Self::MarketplaceFee => "marketplace fees",
            Self::Commission => "charity commission",
            Self::GiftVoucher => "gift vouchers",
            Self::Pads => "cushion pads at a token price",
            Self::Adjustment => "adjustments",
            Self::Test => "test codes",
            Self::Unknown => "codes of no known shape",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_goods_are_products() {
        for code in ["22423", "85123A", "85123a", "15056BL", "DCGS0003", "DCGSSGIRL", " 47503J "] {
            assert_eq!(code_kind(code), CodeKind::Product, "{code}");
        }
    }

    #[test]
    fn bookkeeping_is_recognised_by_kind() {
        let cases = [
            ("POST", CodeKind::Postage),
            ("DOT", CodeKind::Postage),
            ("C2", CodeKind::Postage),
            ("23444", CodeKind::Postage),
            ("M", CodeKind::Manual),
            ("m", CodeKind::Manual),
            ("D", CodeKind::Discount),
            ("S", CodeKind::Samples),
            ("BANK CHARGES", CodeKind::BankCharges),
            ("AMAZONFEE", CodeKind::MarketplaceFee),
            ("CRUK", CodeKind::Commission),
            ("gift_0001_20", CodeKind::GiftVoucher),
            ("22016", CodeKind::GiftVoucher),
            ("PADS", CodeKind::Pads),
            ("B", CodeKind::Adjustment),
            ("ADJUST2", CodeKind::Adjustment),
            ("TEST001", CodeKind::Test),
            ("2242", CodeKind::Unknown),
            ("224231", CodeKind::Unknown),
            ("22423ABC", CodeKind::Unknown),
            ("DCGS", CodeKind::Unknown),
            ("£££££A", CodeKind::Unknown),
            ("", CodeKind::Unknown),
        ];
        for (code, kind) in cases {
            assert_eq!(code_kind(code), kind, "{code}");
        }
    }

    #[test]
    fn case_and_space_do_not_make_another_sku() {
        assert_eq!(canonical_sku(" 85123a"), "85123A");
        assert_eq!(stem("85123A"), Some("85123"));
        assert_eq!(stem("DCGS0003"), None);
    }
}
