//! The calendar of occasions: which day, which moment, and which days nobody is wished a happy anything.
