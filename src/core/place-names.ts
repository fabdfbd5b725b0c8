// What else the cities of the table are called: by those who live there, and by the country that keeps their clock.

const table = `
Munich: München|Cologne: Köln|Frankfurt: Frankfurt am Main|Vienna: Wien, Austria, Österreich
Zürich: Zuerich, Switzerland, Schweiz, Suisse, Svizzera|Geneva: Genf, Genève, Ginevra|Berlin: Germany, Deutschland, Allemagne, CET
Paris: France, Frankreich|Brussels: Brüssel, Bruxelles, Brussel, Belgium, Belgien|Luxembourg: Luxemburg|Amsterdam: Netherlands, Holland, Nederland
Rome: Roma, Rom, Italy, Italia, Italien|Milan: Milano, Mailand|Lisbon: Lisboa, Lissabon, Portugal|Madrid: Spain, España, Spanien
London: UK, United Kingdom, Great Britain, England, Wales|Edinburgh: Scotland|Dublin: Ireland|Reykjavik: Iceland
Copenhagen: København, Kopenhagen, Denmark, Danmark|Oslo: Norway, Norge|Stockholm: Sweden, Sverige|Helsinki: Finland, Suomi
Prague: Praha, Prag, Czechia, Česko|Bratislava: Slovakia|Budapest: Hungary, Magyarország|Warsaw: Warszawa, Warschau, Poland, Polska|Kraków: Krakau
Athens: Athina, Athen, Greece|Bucharest: București, Bukarest, Romania|Sofia: Bulgaria|Belgrade: Beograd, Belgrad, Serbia|Zagreb: Croatia, Hrvatska
Ljubljana: Slovenia|Tallinn: Estonia|Riga: Latvia|Vilnius: Lithuania|Kyiv: Kiev, Ukraine|Odesa: Odessa|Istanbul: Turkey, Türkiye|Moscow: Moskva, Moskau
Jerusalem: Israel|Cairo: Egypt|Nairobi: Kenya|Lagos: Nigeria|Casablanca: Morocco|Tunis: Tunisia|Johannesburg: South Africa|Dubai: Emirates|Riyadh: Saudi Arabia
Delhi: New Delhi, India|Bengaluru: Bangalore|Mumbai: Bombay|Kolkata: Calcutta|Karachi: Pakistan|Dhaka: Bangladesh|Bangkok: Thailand|Hanoi: Vietnam
Kuala Lumpur: Malaysia|Manila: Philippines|Beijing: Peking, China|Seoul: Korea|Tokyo: Japan|Taipei: Taiwan|Auckland: New Zealand
New York: USA, United States, America|Chicago: USA, United States, America|Denver: USA, United States, America|Los Angeles: USA, United States, America
Toronto: Canada|Vancouver: Canada|Winnipeg: Canada|Halifax: Canada|Mexico City: México|São Paulo: Brazil, Brasil|Buenos Aires: Argentina
Santiago: Chile|Bogotá: Colombia|Lima: Peru|Sydney: Australia|Perth: Australia|Adelaide: Australia|Brisbane: Australia`;

/** By the name of the city. */
export const alsoCalled: ReadonlyMap<string, readonly string[]> = new Map(
  table
    .trim()
    .split(/[|\n]/)
    .map((entry) => {
      const [city = '', names = ''] = entry.split(': ');
      return [city, names.split(', ')];
    }),
);
