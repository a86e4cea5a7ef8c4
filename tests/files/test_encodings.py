"""The encoding of a file is proved, never guessed silently: no mojibake, and a way out wherever it is refused."""

from __future__ import annotations

import codecs
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.errors import BadFileError, FollowupError
from followup.files.tables import Row, Table, read_table


def rows_of(source: bytes, encoding: str = "") -> list[tuple[str, ...]]:
    return [row.cells for row in read_table(source, encoding=encoding).rows]


@pytest.mark.parametrize(
    "name",
    [
        "Jürgen Müller",
        "Zoë Bélanger",
        "O’Neil",
        "Þýðing",
        "Søren Ærø",
        "ŠKODA Praha",
        "L’Été",
        "¿Qué?",
        "12½ m²",
        "“A”",
    ],
)
def test_western_names_in_windows_1252_are_read_with_a_notice(name: str) -> None:
    table = read_table(f"Name,Email\n{name},a@x\n".encode("cp1252"), source_name="a.csv")

    assert next(table.rows).cells[0] == name
    notice = (
        "a.csv is not UTF-8; it was read as Windows-1252: where names with accents look wrong, "
        "save it again as CSV UTF-8 or name its encoding, such as --encoding cp1250"
    )
    assert table.notices == (notice,)


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1251", "Иван Петров|Ольга Смирнова"),
        ("koi8_r", "Иван Петров|Ольга"),
        ("cp866", "Иван Петров|Ольга"),
        ("cp1250", "Łukasz Wałęsa|Józef Żak|Božena Němcová"),
        ("iso8859_2", "Łukasz Wałęsa|Józef Żak"),
        ("cp1253", "Γιώργος|Μαρία Παππά"),
        ("cp1255", "דוד כהן"),
        ("cp1256", "محمد علي"),
        ("mac_roman", "José Núñez|Jürgen Müller|Zoë"),
        ("cp850", "José Núñez|Jürgen Müller"),
        ("shift_jis", "山田太郎|鈴木 花子"),
        ("euc_jp", "山田太郎|鈴木 花子"),
        ("gb18030", "李小龙|王芳"),
        ("big5", "陳大文|林美"),
        ("euc_kr", "김철수|이영희"),
    ],
)
def test_letters_of_another_code_page_are_refused_not_mangled(encoding: str, names: str) -> None:
    """Bar 19: no mojibake. The file can still be read by naming its encoding."""
    data = "".join(f"{name},a@x\n" for name in ["Name", *names.split("|")]).encode(encoding)
    with pytest.raises(BadFileError, match="neither UTF-8 nor Windows-1252") as caught:
        read_table(data)

    assert caught.value.problems[0].line == 2
    assert "CSV UTF-8" in caught.value.hint
    assert [row[0] for row in rows_of(data, encoding)] == names.split("|")


def test_a_file_that_says_utf_8_and_is_not_is_refused_with_the_line() -> None:
    with pytest.raises(BadFileError) as caught:
        read_table(codecs.BOM_UTF8 + b"Name,Email\nAnn,a@x\nJos\xe9,j@x\n")

    assert caught.value.sentence == "input, line 3: the file begins as UTF-8, but this line is not"


@pytest.mark.parametrize("encoding", ["klingon", "base64", "cp1252\0", "idna", "unicode_escape"])
def test_an_unknown_encoding_is_refused(encoding: str) -> None:
    with pytest.raises(FollowupError, match="there is no encoding called"):
        read_table(b"Name,Email\nAnn,a@x\n", encoding=encoding)


def test_a_named_encoding_that_does_not_fit_is_refused_with_the_line() -> None:
    with pytest.raises(BadFileError, match="line 2: this line is not utf-8"):
        read_table("Name,Email\nJosé,a@x\n".encode("cp1252"), encoding="utf-8")


WEST = {
    "German": "Müller Jäger Groß Schäfer Köhler Böhm Weiß Österreich Übel Straße",
    "French": "Bélanger François Hélène Noël Lefèvre Châtelet Île Benoît Côté Gagné Lebœuf Zoë L’Été Éric Ève Irène",
    "Spanish": "Ñandú Núñez Muñoz Peña José García Hernández Íñigo Güell Begoña ¿Qué?",
    "Portuguese": "João São Conceição Guimarães Simões Magalhães Gonçalves Luís Antônio Camões Leitão Brandão",
    "Italian": "Niccolò Forlì Perù Cantù Però Così Libertà",
    "Dutch": "Daniëlle Joëlle België Curaçao Reünie",
    "Swedish": "Åse Åström Sjöberg Håkan Björn Ängla Söderström",
    "Danish": "Søren Ærø Kjær Jørgensen Bjørn Nørgård Møller Næss Ødegård",
    "Icelandic": "Þórður Guðrún Ásgeir Björk Sigurðsson Þýðing Jón Þorsteinn Hafþór Ýmir Kristín",
    "Estonian": "Põld Jõgi Mägi Tõnu Võsu Kõiv Õunapuu Tänak Pärn Külli Ülle",
    "signs": "O’Neil €5 “Ann” 12½ § Söhne® café™ naïve 20°C",
}


@pytest.mark.parametrize("language", [*WEST, "all"])
def test_western_words_in_windows_1252_are_never_refused(language: str) -> None:
    words = (" ".join(WEST.values()) if language == "all" else WEST[language]).split()
    data = "".join(f"{word},a@x\n" for word in ["Name", *words]).encode("cp1252")
    table = read_table(data)

    assert table.dialect.encoding == "cp1252"
    assert [row.cells[0] for row in table.rows] == words
    assert len(table.notices) == 1


@pytest.mark.parametrize("word", [word for words in WEST.values() for word in words.split() if not word.isascii()])
def test_one_western_word_alone_is_enough(word: str) -> None:
    assert rows_of(f"Name,Email\n{word},a@x\n".encode("cp1252")) == [(word, "a@x")]


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1250", "Łukasz Wałęsa Józef Żak Błażej Wiśniewski Kamiński Zieliński Dąbrowski"),
        ("cp1250", "Božena Němcová Dvořák Jiří Růžička Černý Kučera Příhoda"),
        ("cp1250", "Szőke Erdős Győr Kovács Nagy Szabó Tóth Mező"),
        ("cp1250", "Horvatić Kovačević Šimić Čolić Đurić"),
        ("cp1250", "Müller Łukasz Jäger Wałęsa Groß Żak"),
        ("cp1254", "Yılmaz Şahin Çağlar Doğan Güneş Aydın Işık"),
        ("cp1257", "Bērziņš Kalniņš Jānis Ozoliņš Liepiņa"),
        ("cp1251", "Иван Петров Ольга Смирнова"),
        ("koi8_r", "Иван Петров Ольга"),
        ("cp866", "Иван Петров Ольга"),
        ("iso8859_5", "Иван Петров Ольга"),
        ("cp1253", "Γιώργος Μαρία Παππά"),
        ("cp1255", "דוד כהן"),
        ("cp1256", "محمد علي"),
        ("mac_roman", "José Núñez Jürgen Müller Zoë"),
        ("mac_roman", "François Hélène Élodie Côté"),
        ("cp850", "José Núñez Jürgen Müller"),
        ("cp932", "山田太郎 鈴木 花子"),
        ("euc_jp", "山田太郎 鈴木"),
        ("gb18030", "李小龙 王芳 张伟"),
        ("big5", "陳大文 林美"),
        ("euc_kr", "김철수 이영희"),
    ],
)
def test_the_hint_names_the_code_page_that_reads_the_words(encoding: str, names: str) -> None:
    data = "".join(f"{name},a@x\n" for name in ["Name", *names.split()]).encode(encoding)
    with pytest.raises(BadFileError, match="neither UTF-8 nor Windows-1252") as caught:
        read_table(data)

    assert caught.value.hint == f"save it again as CSV UTF-8, or name its encoding, perhaps --encoding {encoding}"
    assert [row[0] for row in rows_of(data, encoding)] == names.split()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
@pytest.mark.parametrize("text", ["Name,Email\nZoë,z@x\n", "Имя;Почта\nИван;i@x\n", "氏名,メール\n山田,y@x\n"])
def test_unicode_is_told_with_and_without_its_mark(encoding: str, text: str) -> None:
    table = read_table(text.encode(encoding))

    assert [",".join(table.headers), *(",".join(row.cells) for row in table.rows)] == [
        line.replace(";", ",") for line in text.splitlines()
    ]
    assert table.notices == ()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_naming_utf_16_is_enough_whatever_its_byte_order(encoding: str) -> None:
    assert rows_of("Name,Email\nZoë,z@x\n".encode(encoding), encoding[:6]) == [("Zoë", "z@x")]


def test_one_letter_far_down_decides_as_well_as_one_at_the_top() -> None:
    """Nothing is settled by a look at the first bytes alone."""
    plain = b"Name,Email\n" + b"Ann Lee Lee Lee,a@x.example\n" * 180_000

    assert len(plain) > 5_000_000
    assert rows_of(plain + "Zoë,z@x\n".encode())[-1] == ("Zoë", "z@x")
    assert rows_of(plain + "Zoë,z@x\n".encode("cp1252"))[-1] == ("Zoë", "z@x")
    with pytest.raises(BadFileError, match="line 180002: the file is neither UTF-8 nor Windows-1252"):
        read_table(plain + "Łukasz Wałęsa,z@x\n".encode("cp1250"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("before", [3, 40_000])
def test_two_encodings_in_one_file_are_refused_with_the_line(before: int, end: str) -> None:
    good = f"Name,Email{end}" + f"Zoë Müller,z@x.example{end}" * before
    with pytest.raises(BadFileError) as caught:
        read_table(good.encode() + f"Jäger,j@x{end}".encode("cp1252") + f"Ann,a@x{end}".encode())
    assert caught.value.sentence == f"input, line {before + 2}: the file is UTF-8, but this line is not"

    with pytest.raises(BadFileError) as caught:
        read_table(good.encode("cp1252") + f"Jäger,j@x{end}".encode())
    assert caught.value.sentence == f"input, line {before + 2}: the file is Windows-1252, but this line is UTF-8"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("Name,Email\nZoë,z@x\nRen".encode() + b"\xc3", 3),
        (b"Name,Email\nRen\xc3", 2),
        (b"Name,Email\nx,5\xe2\x82", 2),
        (b"Name,Email\nx,\xf0\x9f\x98", 2),
        ("Name,Email\nZoë,z@x".encode("utf-16")[:-1], 2),
        (codecs.BOM_UTF8 + b"Name,Email\nRen\xc3", 2),
    ],
)
def test_a_file_that_ends_within_a_character_was_cut_off(data: bytes, line: int) -> None:
    with pytest.raises(BadFileError) as caught:
        read_table(data)

    assert caught.value.sentence == f"input, line {line}: the file ends in the middle of a character"


def test_a_western_letter_at_the_very_end_is_no_cut() -> None:
    assert rows_of("Email,Name\na@x,José".encode("cp1252")) == [("a@x", "José")]
    assert rows_of("Email,Name\na@x,IRMÃ".encode("cp1252")) == [("a@x", "IRMÃ")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_letters_that_were_encoded_twice_are_kept_and_told(encoding: str) -> None:
    text = "Name,Email\nAnn,a@x\nMÃ¼ller,m@x\nRenÃ©e,r@x\nâ€œAcmeâ€\x9d,c@x\n"
    table = read_table(text.encode(encoding))

    assert [row.cells[0] for row in table.rows][1] == "MÃ¼ller"
    (notice,) = table.notices
    assert notice.startswith("line 3 has 'MÃ¼ller' for 'Müller' and ")
    assert notice.endswith("export the table again as UTF-8 to mend them")


@pytest.mark.parametrize("text", [*(" ".join(words.split()) for words in WEST.values()), "IRMÃ, JOÃO, “MAÇÔ, Ångström"])
def test_names_as_they_should_be_bring_no_notice(text: str) -> None:
    assert read_table(f'Name,Email\n"{text}",a@x\n'.encode()).notices == ()


LONE_WORDS = {
    "cp1254": (
        "Şahin Yıldız Doğan Ağaoğlu İnan Işık Ayşe Barış Tuğba Şen Şeker Şükrü Yılmaz Aydın Kılıç "
        "Uğur Yiğit Buğra Ertuğrul Yağmur İbrahim İsmail İpek Erdoğan Şimşek Başak Koşar Güneş "
        "Kadıköy Beşiktaş Altın Avcı Balcı Oğuz"
    ),
    "cp1250": (
        "Łukasz Čapek Dvořák Němec Żak Wałęsa Świątek Ernő Szűcs Šimić Đoković Ţiriac Popović "
        "Paweł Michał Łoś Łódź Ondřej Jiří Řehák Řezníček Třeboň Přemysl Kovář Tesař Erdős Győr "
        "Szőke Mező Kőszegi Gergő Jenő Lőrinc Anđela Anđelko Toruń Plzeň Kamiński Zieliński "
        "Dąbrowski Zięba Dębski Jędrzej Kępa Ćwik Maćek Wiśniewski Kučera Růžička Bůžek "
        "Břetislav Bednář Kuchař Palič"
    ),
    "cp1257": ("Žukauskas Bērziņš Jonuška Žemaitis Ķirsis Šarūnas Kalniņš Ozoliņš Žilinskas"),
    "mac_roman": (
        "Núñez José André Müller Zoë François Hélène García Martínez Rodríguez López Ramón Gómez "
        "Björn Jörg Köhler Jäger Weiß Peña Muñoz María Jesús Raúl Agustín Böhm Schröder Société "
        "Ångström Håkan Élodie João Côté Naïve Conceição"
    ),
    "cp850": ("José André Müller Zoë François Hélène García Núñez Jäger Björn Söderström Peña María"),
    "cp1251": ("Дмитрий Иван Ольга Юля"),
    "koi8_r": ("Дмитрий Иван"),
    "cp1253": ("Γιώργος Μαρία Νίκος"),
    "iso8859_2": ("Łukasz Śliwa Żak Wałęsa Šimić Žižek Dvořák Paweł Ľubica"),
}
WESTERN_NAMES = (
    "Müller Núñez Zoë Ødegård Þór Þórður Þorsteinn Þóra Þuríður Þráinn Þorbjörg Þorvaldur "
    "Guðrún Guðmundur Guðni Guðjón Guðlaug Guðbjörg Davíð Sigríður Ragnheiður Heiða Friðrik "
    "Auður Þórðarson Sigurðsson Sigurðardóttir Hafþór Steinþór Eyþór Alþingi Þjóðleikhús Ýmir "
    "Lýður Garðar Hörður Njörður Sæþór Viðar Böðvar Guðfinna Áðalsteinn Aðalsteinn Aðalheiður "
    "Heiðar Borðeyri Norðfjörður Bøe Bøen Høegh Møen Søe Søren Ærø Kjær Jørgensen Bjørn "
    "Nørgård Møller Næss Høiland Bjørnøya Sandøy Sæther Røise Værøy Bæk Kæmpe Lærke Tønsberg "
    "Bodø Tromsø Malmø Køge Sønderjylland Brønnøysund Østergaard Ørsted Øen Bækgaard Knærød "
    "Træ Dæhlie Põld Jõgi Mägi Tõnu Võsu Kõiv Õunapuu Mõis Põlva Võru Sõber Simões Camões "
    "Magalhães João Conceição Guimarães Antônio Inês Ciência Brandão Bélanger François Hélène "
    "Noël Lefèvre Châtelet Benoît Côté Lebœuf Cœur Sœur Œuvre Août Brûlé Goût Flûte Mûr Fête "
    "Évêque Hêtre Pêche Crêpe Bêche Liège Père Mère Citroën Zaïre Naïve Haïti Ève Irène Agnès "
    "Molière Ménagère Rivière Guêpe Chêne Forêt Niccolò Forlì Perù Cantù Così Libertà Mosè "
    "Josuè Noè Caffè Però Peña Muñoz Ñandú Íñigo Güell Begoña Begoñes España Cañón Daniëlle "
    "België Curaçao Reünie Åse Åström Håkan Sjöberg Björk Jäger Weiß Groß Straße O’Neil "
    "D’Angelo John’s dell’Orto l’Été aujourd’hui don’t Škoda Žižek Tomáš Božena Novák Malý "
    "Novotný Sýkora Kopecký m³ cm² 2020–2021 Paris–Lyon"
)


@pytest.mark.parametrize("others", [0, 4])
@pytest.mark.parametrize(
    ("encoding", "name"), [(encoding, name) for encoding, names in LONE_WORDS.items() for name in names.split()]
)
def test_one_name_of_another_code_page_in_a_small_file_is_no_mojibake(encoding: str, name: str, others: int) -> None:
    """Bar 19: a file of a few rows has one name with an accent, and that has to be enough."""
    rest = "".join(f"Bob {number},b{number}@x.example\n" for number in range(others))
    data = f"Name,Email\n{name} Nowak,a@x.example\n{rest}".encode(encoding)
    with pytest.raises(BadFileError, match="line 2: the file is neither UTF-8 nor Windows-1252") as caught:
        read_table(data)

    assert "--encoding" in caught.value.hint
    assert rows_of(data, encoding)[0] == (f"{name} Nowak", "a@x.example")


@pytest.mark.parametrize("name", WESTERN_NAMES.split())
def test_one_western_name_in_a_small_file_comes_in_right(name: str) -> None:
    for text in (name, f"Ann {name}", name.upper() if "ÿ" not in name else name):
        if text == text.encode("cp1252").decode("cp1252"):
            assert rows_of(f"Name,Email\n{text},a@x.example\n".encode("cp1252")) == [(text, "a@x.example")]


@given(st.binary(min_size=1, max_size=200))
def test_any_bytes_are_a_table_or_a_sentence(data: bytes) -> None:
    """No traceback, whatever is in the file; what is read can be written as UTF-8."""
    table = None
    with contextlib.suppress(FollowupError):
        table = read_table(b"Name,Email\n" + data)
    for row in read_rows(table):
        "".join(row.cells).encode()
        assert "\0" not in "".join(row.cells)


def read_rows(table: Table | None) -> list[Row]:
    """The rows up to a fault that ends the file."""
    rows: list[Row] = []
    with contextlib.suppress(FollowupError):
        rows.extend(table.rows if table else ())
    return rows
