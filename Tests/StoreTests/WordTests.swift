import Conversation
import GRDB
import Testing

@testable import Store

/// The full-text index in English, German and Chinese, and for numbers of parts.
@Suite struct WordTests {
  /// Pairs of what PyPI's snowballstemmer 3.1.1 makes of words (`porter`).
  @Test func `English words have Porter's stems`() {
    let pairs = """
      caresses:caress ponies:poni ties:ti cats:cat feed:feed agreed:agre plastered:plaster bled:bled \
      motoring:motor sing:sing conflated:conflat troubled:troubl sized:size hopping:hop tanned:tan falling:fall \
      hissing:hiss fizzed:fizz failing:fail filing:file happy:happi sky:sky relational:relat \
      conditional:condit rational:ration valenci:valenc digitizer:digit conformabli:conform radicalli:radic \
      vileli:vile analogousli:analog vietnamization:vietnam predication:predic operator:oper feudalism:feudal \
      decisiveness:decis callousness:callous sensibiliti:sensibl triplicate:triplic formative:form \
      formalize:formal electrical:electr goodness:good revival:reviv allowance:allow inference:infer \
      adjustable:adjust replacement:replac dependent:depend adoption:adopt communism:commun activate:activ \
      effective:effect probate:probat rate:rate cease:ceas controll:control roll:roll connections:connect \
      argued:argu ion:ion by:by enjoyment:enjoy abilities:abil
      """
    expectStems(pairs, EnglishStem.of)
  }

  /// The same of its `german`, where that agrees with Snowball 2.
  @Test func `German words have Snowball's stems`() {
    let pairs = """
      hauser:haus hauses:haus haus:haus aufeinander:aufeinand kategorie:kategori kategorischen:kategor \
      katers:kat kaufleuten:kaufleut kauern:kau jagers:jag ergebnisse:ergebnis ergebnissen:ergebnis \
      freundlichkeit:freundlich bedeutungen:bedeut wichtigste:wichtig wichtiger:wichtig kindern:kind \
      neues:neu quellen:quell systemisch:system musikalisch:musikal eigen:eig richtige:richtig \
      richtung:richtung netzwerkdienste:netzwerkdien dateien:datei verzeichnisse:verzeichnis der:der \
      hochst:hoch
      """
    expectStems(pairs, GermanStem.of)
  }

  private func expectStems(_ pairs: String, _ stem: ([UInt8]) -> [UInt8]) {
    for pair in pairs.split(separator: " ") {
      let parts = pair.split(separator: ":").map(String.init)
      #expect(String(decoding: stem(Array(parts[0].utf8)), as: UTF8.self) == parts[1])
    }
  }

  @Test(arguments: [
    ("Häuser", "Das Haus steht am See."), ("STRASSEN", "Die Straße ist lang."),
    ("wie konfiguriere ich Netzwerke", "Konfiguration: das Netzwerk."), ("测试", "中文分词测试，没有空格！"),
    ("猫", "黑猫和白狗"), ("狗", "黑猫和白狗"), ("東京タワー", "日本の東京タワーは高い"), ("서울역", "그는 서울역에서"),
    ("ＡＢＣ", "the abc of it"), ("AB-1234/5", "Order AB-1234/5 today"), ("ab12345", "Order AB-1234/5 today"),
    ("AB1234/5", "Order AB 1234 5 or AB-1234/5"), ("x86_64", "for x86_64 only"), ("C++", "C++ is a language"),
    ("c#", "Written in C#."), ("Größe", "GROESSE oder Grösse"), ("naïve", "a naive cafe"),
    ("ﬁle", "one file"),
  ])
  func `a word is found in the form it has in a text`(query: String, text: String) async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let (_, chunks) = try await anna.file(
      ["Nothing of the kind, nichts davon, 没有。", text], store: test.store)
    let hits = try await test.store.searchText(query, in: [.assistant(anna.assistant.id)], count: 4)
    #expect(hits.first?.key == chunks[1].key)
  }

  @Test func `the number of a part comes before those that share a piece of it`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let others = (0..<20).map { "Part AB-12\($0)0/5 and AB 5 and 1234 AB." }
    let (_, chunks) = try await anna.file(
      others + ["Long text on part AB-1234/5 of the pump."], store: test.store)
    let hits = try await test.store.searchText("AB-1234/5", in: [.assistant(anna.assistant.id)], count: 4)
    #expect(hits.first?.key == chunks.last?.key)
  }

  @Test func `a language is not found by its first letter's neighbours`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let (_, chunks) = try await anna.file(
      ["vitamin C is good", "C++ is a language", "C# too"], store: test.store)
    func keys(_ query: String) async throws -> Set<Int64> {
      Set(try await test.store.searchText(query, in: [.assistant(anna.assistant.id)], count: 9).map(\.key))
    }
    #expect(try await keys("c++") == [chunks[1].key])
    #expect(try await keys("C#") == [chunks[2].key])
    #expect(try await keys("C") == Set(chunks.map(\.key)))
  }

  @Test func `German words without meaning are left out of German questions only`() {
    func words(_ query: String) -> String {
      TextQuery(query, in: [.thread(.random())])?.match.split(separator: ": (").last.map(String.init) ?? ""
    }
    #expect(words("Wie ist der Krieg?") == "\"krieg\"))")
    #expect(words("the war on die casting").contains("\"war\" OR \"die\""))
  }

  @Test func `words side by side as in the query count more`() async throws {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let (_, chunks) = try await anna.file(
      ["A layer lies on the boundary here.", "On the boundary layer it lies here."]
        + (0..<9).map { "filler \($0)" }, store: test.store)
    let hits = try await test.store.searchText(
      "boundary layer", in: [.assistant(anna.assistant.id)], count: 2)
    #expect(hits.map(\.key) == [chunks[1].key, chunks[0].key])
  }

  // MARK: Filters

  @Test func `a search looks at the files and days it is told`() async throws {
    let test = try TestStore()
    let store = test.store
    let anna = try await Person(in: store)
    let place = Namespace.assistant(anna.assistant.id)
    let (one, ones) = try await anna.file(["apples"], store: store)
    let between = Timestamp.now
    let (two, twos) = try await anna.file(["apples too"], store: store)
    func expect(_ filter: ChunkFilter, _ keys: Set<Int64>) async throws {
      let hits = try await store.searchText("apples", in: [place], filter: filter, count: 9)
      #expect(Set(hits.map(\.key)) == keys)
      #expect(try await store.chunkKeys(in: [place], filter: filter) == keys)
    }
    try await expect(ChunkFilter(files: [one.id]), [ones[0].key])
    try await expect(ChunkFilter(files: [one.id, two.id]), [ones[0].key, twos[0].key])
    try await expect(ChunkFilter(files: []), [])
    try await expect(ChunkFilter(from: between), [twos[0].key])
    try await expect(ChunkFilter(before: between), [ones[0].key])
    try await expect(ChunkFilter(files: [two.id], before: between), [])
  }

  // MARK: From the index of the first schema

  @Test func `chunks of an older version are found before, while and after they are brought over`()
    async throws
  {
    let test = try TestStore()
    let anna = try await Person(in: test.store)
    let place = [Namespace.assistant(anna.assistant.id)]
    let (file, _) = try await anna.file((0..<300).map { "apples number\($0)" }, store: test.store)
    let (other, _) = try await anna.file(["apples of another"], store: test.store)
    test.store.close()
    try downgrade(test.directory)

    let store = try Store(directory: test.directory)
    defer { store.close() }
    func count() async throws -> Int { try await store.searchText("apples", in: place, count: 999).count }
    #expect(try await count() == 301)
    try await anna.file(["apples of today"], store: store)
    #expect(try await count() == 302)
    try await store.write { db in _ = try WordRebuild.step(limit: 100, db) }
    #expect(try await count() == 302)
    try await store.deleteFile(file.id, of: anna.user.id)
    #expect(try await count() == 2)
    try await store.rebuildWords()
    try await store.deleteFile(other.id, of: anna.user.id)
    #expect(try await count() == 1)
    try await store.write { db in
      #expect(try db.row("SELECT 1 FROM sqlite_schema WHERE name = 'chunk_text'") == nil)
      try db.execute(sql: "INSERT INTO chunk_words (chunk_words, rank) VALUES ('integrity-check', 1)")
    }
  }

  /// Makes a database what it was before the full-text index changed.
  private func downgrade(_ directory: String) throws {
    var configuration = Configuration()
    configuration.prepareDatabase { $0.add(tokenizer: WordTokenizer.self) }
    let queue = try DatabaseQueue(path: directory + "/opengpts.sqlite", configuration: configuration)
    defer { try? queue.close() }
    try queue.write { db in
      try db.execute(
        sql: """
          DROP TABLE chunk_words;
          DROP TABLE word_rebuild;
          CREATE VIRTUAL TABLE chunk_text USING fts5 (
            namespace, headings, text,
            content = 'chunk', content_rowid = 'key', tokenize = 'porter unicode61 remove_diacritics 2'
          );
          INSERT INTO chunk_text (chunk_text) VALUES ('rebuild');
          DROP TABLE trace;
          DROP INDEX run_failed;
          DROP TABLE vector_space;
          DROP INDEX file_to_refetch;
          ALTER TABLE file DROP COLUMN refetch_hours;
          ALTER TABLE file DROP COLUMN refetch_at;
          DROP TABLE tool_pin;
          ALTER TABLE approval DROP COLUMN change;
          PRAGMA user_version = 7;
          """)
    }
  }
}
