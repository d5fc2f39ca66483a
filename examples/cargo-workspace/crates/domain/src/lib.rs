//! What a library is made of.

/// An ISBN without its hyphens, where its length is right.
pub fn isbn(text: &str) -> Option<String> {
    let digits: String = text
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == 'X')
        .collect();
    matches!(digits.len(), 10 | 13).then_some(digits)
}

/// The connection string that every program of the library takes.
pub fn database_url() -> String {
    std::env::var("LIBRARY_DATABASE").expect("LIBRARY_DATABASE")
}

#[cfg(test)]
mod tests {
    #[test]
    fn hyphens_do_not_count() {
        assert_eq!(super::isbn("0-306-40615-2").as_deref(), Some("0306406152"));
    }
}
