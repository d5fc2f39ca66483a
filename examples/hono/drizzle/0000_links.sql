CREATE TABLE links (slug text PRIMARY KEY, target text NOT NULL);
