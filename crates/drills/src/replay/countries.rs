//! The record's names of countries.

/// Names and their ISO 3166-1 codes, with those that only other years of the record have. The Channel Islands are two
/// countries to ISO; the larger one stands for both.
const COUNTRIES: [(&str, &str); 43] = [
    ("Australia", "AU"),
    ("Austria", "AT"),
    ("Bahrain", "BH"),
    ("Belgium", "BE"),
    ("Bermuda", "BM"),
    ("Brazil", "BR"),
    ("Bulgaria", "BG"),
    ("Canada", "CA"),
    ("Channel Islands", "JE"),
    ("Cyprus", "CY"),
    ("Czech Republic", "CZ"),
    ("Denmark", "DK"),
    ("EIRE", "IE"),
    ("Finland", "FI"),
    ("France", "FR"),
    ("Germany", "DE"),
    ("Greece", "GR"),
    ("Hong Kong", "HK"),
    ("Iceland", "IS"),
    ("Ireland", "IE"),
    ("Israel", "IL"),
    ("Italy", "IT"),
    ("Japan", "JP"),
    ("Korea", "KR"),
    ("Lebanon", "LB"),
    ("Lithuania", "LT"),
    ("Malta", "MT"),
    ("Netherlands", "NL"),
    ("New Zealand", "NZ"),
    ("Nigeria", "NG"),
    ("Norway", "NO"),
    ("Poland", "PL"),
    ("Portugal", "PT"),
    ("RSA", "ZA"),
    ("Saudi Arabia", "SA"),
    ("Singapore", "SG"),
    ("Spain", "ES"),
    ("Sweden", "SE"),
    ("Switzerland", "CH"),
    ("Thailand", "TH"),
    ("USA", "US"),
    ("United Arab Emirates", "AE"),
    ("United Kingdom", "GB"),
];

/// The ISO code of a country's name; `None` for 'Unspecified', 'European Community' and what is no country: such
/// invoices are counted and sent with the shop's own country.
pub(super) fn iso_code(name: &str) -> Option<&'static str> {
    COUNTRIES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.trim())).map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_have_codes_and_what_is_none_has_not() {
        assert_eq!(iso_code("EIRE"), Some("IE"));
        assert_eq!(iso_code("RSA"), Some("ZA"));
        assert_eq!(iso_code(" united kingdom"), Some("GB"));
        for name in ["Unspecified", "European Community", "West Indies", ""] {
            assert_eq!(iso_code(name), None, "{name}");
        }
    }

    #[test]
    fn no_name_is_listed_twice() {
        let mut names: Vec<_> = COUNTRIES.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COUNTRIES.len());
    }
}
