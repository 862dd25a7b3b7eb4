DROP INDEX registration_rep;
DROP TABLE registration_change;
