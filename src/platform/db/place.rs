//! The data directory of the database whose door this thread went through: what belongs to no database, as the keys of
//! check values, is found from inside a query by it. Several databases in one process, as in tests, stay apart.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

thread_local! {
    static HERE: RefCell<Option<Arc<Path>>> = const { RefCell::new(None) };
}

/// The data directory of the database that this thread reads or writes right now; none outside its doors.
pub fn data_here() -> Option<PathBuf> {
    HERE.with_borrow(|here| here.as_deref().map(Path::to_owned))
}

/// Runs `work` as belonging to a data directory.
pub(super) fn at<T>(data: &Arc<Path>, work: impl FnOnce() -> T) -> T {
    let before = HERE.replace(Some(data.clone()));
    let _back = Back(before);
    work()
}

/// Puts back what was there before, also where the work panics.
struct Back(Option<Arc<Path>>);

impl Drop for Back {
    fn drop(&mut self) {
        HERE.set(self.0.take());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_belongs_to_the_innermost_door() {
        let (a, b) = (Arc::from(Path::new("a")), Arc::from(Path::new("b")));
        assert_eq!(data_here(), None);
        at(&a, || {
            at(&b, || assert_eq!(data_here(), Some(PathBuf::from("b"))));
            assert_eq!(data_here(), Some(PathBuf::from("a")));
        });
        assert_eq!(data_here(), None);
    }
}
