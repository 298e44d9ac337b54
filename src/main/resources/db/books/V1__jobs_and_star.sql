-- Jobs that workers claim, and the star schema their books are loaded into: one database, so that a book and the end of
-- its job are one transaction.

create table books.job (
    id            bigint generated always as identity primary key,
    key           text        not null unique, -- the ISBN, or what title and author come down to
    title         text        not null,
    author        text        not null,
    isbn          text,
    status        text        not null default 'pending'
                              check (status in ('pending', 'processing', 'completed', 'failed')),
    created_at    timestamptz not null default clock_timestamp(),
    completed_at  timestamptz,
    error_message text,
    retry_count   integer     not null default 0,
    attempts      integer     not null default 0,
    lost          integer     not null default 0, -- attempts whose worker was not heard of again
    not_before    timestamptz not null default clock_timestamp(),
    worker        text,
    token         bigint,
    leased_until  timestamptz,
    book_id       bigint -- what it was loaded as
);
create index job_pending on books.job (id) where status = 'pending';
create index job_leased on books.job (leased_until) where status = 'processing';
create index job_completed on books.job (completed_at) where status = 'completed';
create index job_failed on books.job (id) where status = 'failed';

create sequence books.claim_token;

-- what each attempt at a job found and how it ended
create table books.attempt (
    job        bigint      not null references books.job,
    attempt    integer     not null,
    token      bigint      not null,
    worker     text        not null,
    started_at timestamptz not null default clock_timestamp(),
    ended_at   timestamptz,
    outcome    text check (outcome in ('completed', 'failed', 'later', 'lost')),
    reason     text,
    answers    jsonb,
    book       jsonb,
    primary key (job, attempt)
);

create table books.dim_date (
    date_id integer primary key, -- 20171010; 20171000 when only the month is known, 20170000 when only the year
    year    smallint not null,
    quarter smallint check (quarter between 1 and 4),
    month   smallint check (month between 1 and 12),
    day     smallint check (day between 1 and 31)
);

create table books.dim_language (
    language_id integer generated always as identity primary key,
    code        text not null unique -- ISO 639-1
);

create table books.dim_publisher (
    publisher_id bigint generated always as identity primary key,
    key          text not null unique,
    name         text not null
);

create table books.dim_author (
    author_id bigint generated always as identity primary key,
    key       text not null unique,
    name      text not null
);

create table books.dim_genre (
    genre_id bigint generated always as identity primary key,
    key      text not null unique,
    name     text not null
);

create table books.dim_book (
    book_id      bigint generated always as identity primary key,
    key          text        not null unique, -- the ISBN-13, or what title and author come down to
    isbn13       text,
    title        text        not null,
    subtitle     text,
    description  text,
    publisher_id bigint references books.dim_publisher,
    language_id  integer references books.dim_language,
    published_id integer references books.dim_date,
    provenance   jsonb       not null, -- field: the sources its value came from
    loaded_at    timestamptz not null default clock_timestamp()
);
alter table books.job add foreign key (book_id) references books.dim_book;
create index book_publisher on books.dim_book (publisher_id);

create table books.book_author (
    book_id   bigint   not null references books.dim_book,
    author_id bigint   not null references books.dim_author,
    position  smallint not null, -- from 1, as the book names them
    primary key (book_id, author_id)
);
create index author_book on books.book_author (author_id);

create table books.book_genre (
    book_id  bigint not null references books.dim_book,
    genre_id bigint not null references books.dim_genre,
    primary key (book_id, genre_id)
);
create index genre_book on books.book_genre (genre_id);

create table books.book_metrics (
    book_id         bigint  not null references books.dim_book,
    snapshot_id     integer not null references books.dim_date,
    rating_average  numeric(4, 2) check (rating_average between 0 and 5),
    rating_count    bigint,
    page_count      integer,
    edition_count   integer,
    list_price      numeric(14, 2),
    list_currency   text,
    retail_price    numeric(14, 2),
    retail_currency text,
    ebook           boolean,
    saleability     text,
    primary key (book_id, snapshot_id)
);
