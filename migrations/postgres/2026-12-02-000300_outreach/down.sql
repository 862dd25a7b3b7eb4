DROP TABLE mailing_word;
