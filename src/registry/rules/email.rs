//! Mail addresses.

/// A valid address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email {
    /// Lower case, without `mailto:` and decoration.
    pub address: String,
}

impl Email {
    /// What stands behind the `@`.
    pub fn domain(&self) -> &str {
        self.address
            .rsplit_once('@')
            .map_or("", |(_, domain)| domain)
    }

    /// Compares addresses.
    pub fn key(&self) -> i64 {
        super::hash::hash64(&self.address)
    }

    /// The domain says nothing about the company (`qq.com`).
    pub fn is_free_mail(&self) -> bool {
        is_free_mail(self.domain())
    }
}

/// The first valid address of a cell.
pub fn read_email(_cell: &str) -> Option<Email> {
    None
}

/// All valid addresses of a cell, in reading order.
pub fn read_emails(cell: &str) -> Vec<Email> {
    read_email(cell).into_iter().collect()
}

/// The addresses of a remark that carry a mail label (`邮箱`, `E-mail` …).
pub fn labelled_emails(_remark: &str) -> Vec<Email> {
    Vec::new()
}

/// A provider of mail boxes for everybody.
pub fn is_free_mail(_domain: &str) -> bool {
    false
}
