DROP INDEX suppression_erased;
DROP TABLE erased_value;
DROP TABLE erased_person;
DROP TABLE erasure;
