// Where people are: cities with their place and IANA time zone, found by name, by language or by the nearest one.
import { isZone } from './hours.ts';
import { editDistance } from './nearest.ts';
import { alsoCalled } from './place-names.ts';

export interface City {
  name: string;
  lat: number;
  lon: number;
  zone: string;
}

const table = `
Honolulu 21.3 -157.9 Pacific/Honolulu|Anchorage 61.2 -149.9 America/Anchorage|Vancouver 49.3 -123.1 America/Vancouver
Seattle 47.6 -122.3 America/Los_Angeles|San Francisco 37.8 -122.4 America/Los_Angeles|Los Angeles 34.1 -118.2 America/Los_Angeles
Tijuana 32.5 -117.0 America/Tijuana|Phoenix 33.4 -112.1 America/Phoenix|Denver 39.7 -105.0 America/Denver|Calgary 51.0 -114.1 America/Edmonton
Edmonton 53.5 -113.5 America/Edmonton|Winnipeg 49.9 -97.1 America/Winnipeg|Regina 50.4 -104.6 America/Regina|Chicago 41.9 -87.6 America/Chicago
Dallas 32.8 -96.8 America/Chicago|Houston 29.8 -95.4 America/Chicago|Mexico City 19.4 -99.1 America/Mexico_City|Monterrey 25.7 -100.3 America/Monterrey
Guatemala City 14.6 -90.5 America/Guatemala|San Salvador 13.7 -89.2 America/El_Salvador|San José 9.9 -84.1 America/Costa_Rica|Panama City 9.0 -79.5 America/Panama
New York 40.7 -74.0 America/New_York|Boston 42.4 -71.1 America/New_York|Washington 38.9 -77.0 America/New_York|Miami 25.8 -80.2 America/New_York
Atlanta 33.7 -84.4 America/New_York|Detroit 42.3 -83.0 America/Detroit|Toronto 43.7 -79.4 America/Toronto|Montreal 45.5 -73.6 America/Toronto
Halifax 44.6 -63.6 America/Halifax|St. John's 47.6 -52.7 America/St_Johns|Havana 23.1 -82.4 America/Havana|Kingston 18.0 -76.8 America/Jamaica
Santo Domingo 18.5 -69.9 America/Santo_Domingo|San Juan 18.5 -66.1 America/Puerto_Rico|Bogotá 4.7 -74.1 America/Bogota|Quito -0.2 -78.5 America/Guayaquil
Lima -12.0 -77.0 America/Lima|Caracas 10.5 -66.9 America/Caracas|La Paz -16.5 -68.1 America/La_Paz|Manaus -3.1 -60.0 America/Manaus
Santiago -33.4 -70.7 America/Santiago|Asunción -25.3 -57.6 America/Asuncion|Buenos Aires -34.6 -58.4 America/Argentina/Buenos_Aires|Montevideo -34.9 -56.2 America/Montevideo
São Paulo -23.6 -46.6 America/Sao_Paulo|Rio de Janeiro -22.9 -43.2 America/Sao_Paulo|Brasília -15.8 -47.9 America/Sao_Paulo|Recife -8.1 -34.9 America/Recife
Nuuk 64.2 -51.7 America/Nuuk|Ponta Delgada 37.7 -25.7 Atlantic/Azores|Praia 14.9 -23.5 Atlantic/Cape_Verde|Reykjavik 64.1 -21.9 Atlantic/Reykjavik
Las Palmas 28.1 -15.4 Atlantic/Canary|Lisbon 38.7 -9.1 Europe/Lisbon|Porto 41.2 -8.6 Europe/Lisbon|Dublin 53.3 -6.3 Europe/Dublin
London 51.5 -0.1 Europe/London|Edinburgh 55.9 -3.2 Europe/London|Manchester 53.5 -2.2 Europe/London|Madrid 40.4 -3.7 Europe/Madrid
Barcelona 41.4 2.2 Europe/Madrid|Paris 48.9 2.4 Europe/Paris|Lyon 45.8 4.8 Europe/Paris|Marseille 43.3 5.4 Europe/Paris
Brussels 50.8 4.4 Europe/Brussels|Amsterdam 52.4 4.9 Europe/Amsterdam|Luxembourg 49.6 6.1 Europe/Luxembourg|Zürich 47.4 8.5 Europe/Zurich
Geneva 46.2 6.1 Europe/Zurich|Berlin 52.5 13.4 Europe/Berlin|Hamburg 53.6 10.0 Europe/Berlin|Munich 48.1 11.6 Europe/Berlin
Cologne 50.9 7.0 Europe/Berlin|Frankfurt 50.1 8.7 Europe/Berlin|Vienna 48.2 16.4 Europe/Vienna|Prague 50.1 14.4 Europe/Prague
Bratislava 48.1 17.1 Europe/Bratislava|Budapest 47.5 19.0 Europe/Budapest|Warsaw 52.2 21.0 Europe/Warsaw|Kraków 50.1 19.9 Europe/Warsaw
Copenhagen 55.7 12.6 Europe/Copenhagen|Oslo 59.9 10.8 Europe/Oslo|Stockholm 59.3 18.1 Europe/Stockholm|Helsinki 60.2 24.9 Europe/Helsinki
Tallinn 59.4 24.8 Europe/Tallinn|Riga 56.9 24.1 Europe/Riga|Vilnius 54.7 25.3 Europe/Vilnius|Minsk 53.9 27.6 Europe/Minsk
Kyiv 50.5 30.5 Europe/Kyiv|Odesa 46.5 30.7 Europe/Kyiv|Chișinău 47.0 28.9 Europe/Chisinau|Bucharest 44.4 26.1 Europe/Bucharest
Sofia 42.7 23.3 Europe/Sofia|Belgrade 44.8 20.5 Europe/Belgrade|Zagreb 45.8 16.0 Europe/Zagreb|Ljubljana 46.1 14.5 Europe/Ljubljana
Sarajevo 43.9 18.4 Europe/Sarajevo|Rome 41.9 12.5 Europe/Rome|Milan 45.5 9.2 Europe/Rome|Athens 38.0 23.7 Europe/Athens
Istanbul 41.0 29.0 Europe/Istanbul|Ankara 39.9 32.9 Europe/Istanbul|Saint Petersburg 59.9 30.3 Europe/Moscow|Moscow 55.8 37.6 Europe/Moscow
Samara 53.2 50.2 Europe/Samara|Yekaterinburg 56.8 60.6 Asia/Yekaterinburg|Omsk 55.0 73.4 Asia/Omsk|Novosibirsk 55.0 82.9 Asia/Novosibirsk
Krasnoyarsk 56.0 92.9 Asia/Krasnoyarsk|Irkutsk 52.3 104.3 Asia/Irkutsk|Vladivostok 43.1 131.9 Asia/Vladivostok|Casablanca 33.6 -7.6 Africa/Casablanca
Algiers 36.8 3.1 Africa/Algiers|Tunis 36.8 10.2 Africa/Tunis|Cairo 30.0 31.2 Africa/Cairo|Dakar 14.7 -17.4 Africa/Dakar
Accra 5.6 -0.2 Africa/Accra|Lagos 6.5 3.4 Africa/Lagos|Kinshasa -4.3 15.3 Africa/Kinshasa|Khartoum 15.5 32.6 Africa/Khartoum
Addis Ababa 9.0 38.7 Africa/Addis_Ababa|Nairobi -1.3 36.8 Africa/Nairobi|Johannesburg -26.2 28.0 Africa/Johannesburg|Cape Town -33.9 18.4 Africa/Johannesburg
Jerusalem 31.8 35.2 Asia/Jerusalem|Tel Aviv 32.1 34.8 Asia/Jerusalem|Beirut 33.9 35.5 Asia/Beirut|Amman 31.9 35.9 Asia/Amman
Baghdad 33.3 44.4 Asia/Baghdad|Riyadh 24.7 46.7 Asia/Riyadh|Doha 25.3 51.5 Asia/Qatar|Dubai 25.2 55.3 Asia/Dubai
Tehran 35.7 51.4 Asia/Tehran|Tbilisi 41.7 44.8 Asia/Tbilisi|Yerevan 40.2 44.5 Asia/Yerevan|Baku 40.4 49.9 Asia/Baku
Tashkent 41.3 69.2 Asia/Tashkent|Almaty 43.2 76.9 Asia/Almaty|Kabul 34.5 69.2 Asia/Kabul|Karachi 24.9 67.0 Asia/Karachi
Delhi 28.6 77.2 Asia/Kolkata|Mumbai 19.1 72.9 Asia/Kolkata|Bengaluru 13.0 77.6 Asia/Kolkata|Kolkata 22.6 88.4 Asia/Kolkata
Colombo 6.9 79.9 Asia/Colombo|Kathmandu 27.7 85.3 Asia/Kathmandu|Dhaka 23.8 90.4 Asia/Dhaka|Yangon 16.8 96.2 Asia/Yangon
Bangkok 13.8 100.5 Asia/Bangkok|Hanoi 21.0 105.8 Asia/Ho_Chi_Minh|Kuala Lumpur 3.1 101.7 Asia/Kuala_Lumpur|Singapore 1.3 103.8 Asia/Singapore
Jakarta -6.2 106.8 Asia/Jakarta|Manila 14.6 121.0 Asia/Manila|Hong Kong 22.3 114.2 Asia/Hong_Kong|Shenzhen 22.5 114.1 Asia/Shanghai
Shanghai 31.2 121.5 Asia/Shanghai|Beijing 39.9 116.4 Asia/Shanghai|Chengdu 30.7 104.1 Asia/Shanghai|Taipei 25.0 121.6 Asia/Taipei
Ulaanbaatar 47.9 106.9 Asia/Ulaanbaatar|Seoul 37.6 127.0 Asia/Seoul|Tokyo 35.7 139.7 Asia/Tokyo|Osaka 34.7 135.5 Asia/Tokyo
Perth -31.9 115.9 Australia/Perth|Darwin -12.5 130.8 Australia/Darwin|Adelaide -34.9 138.6 Australia/Adelaide|Brisbane -27.5 153.0 Australia/Brisbane
Sydney -33.9 151.2 Australia/Sydney|Melbourne -37.8 145.0 Australia/Melbourne|Hobart -42.9 147.3 Australia/Hobart|Nouméa -22.3 166.4 Pacific/Noumea
Auckland -36.8 174.8 Pacific/Auckland|Wellington -41.3 174.8 Pacific/Auckland|Suva -18.1 178.4 Pacific/Fiji|Apia -13.8 -171.8 Pacific/Apia`;

export const cities: readonly City[] = table
  .trim()
  .split(/[|\n]/)
  .map((entry) => {
    const found = /^(.+) (-?[\d.]+) (-?[\d.]+) (\S+)$/.exec(entry.trim());
    if (!found) throw new Error(`no city: ${entry}`);
    return { name: found[1]!, lat: Number(found[2]), lon: Number(found[3]), zone: found[4]! };
  });

/** The city whose place is nearest on the globe (latitude and longitude in degrees). */
export function nearestCity(lat: number, lon: number): City {
  let best = cities[0]!;
  let least = Number.POSITIVE_INFINITY;
  for (const city of cities) {
    const distance = angle(lat, lon, city.lat, city.lon);
    if (distance < least) [best, least] = [city, distance];
  }
  return best;
}

/** Cities and zones whose name fits what was typed, best first. */
export function searchZones(typed: string, limit = 6): { name: string; zone: string }[] {
  const wanted = fold(typed);
  if (wanted === '') return [];
  const found = cities
    .map((city) => ({
      city,
      place: Math.min(...namesOf(city).map((name) => rank(name, wanted))),
      zonePlace: fold(city.zone).indexOf(wanted),
    }))
    .filter(({ place, zonePlace }) => place < nowhere || zonePlace >= 0)
    .sort((a, b) => a.place - b.place);
  // What is called exactly so is meant, not what has the letters in it: the USA are no part of Jerusalem.
  const best = found[0]?.place === 0 ? 0 : nowhere - 1;
  const named = found.filter(({ place }) => place <= best);
  const hits = (named.length > 0 ? named : found).map(({ city }) => ({ name: city.name, zone: city.zone }));
  // A zone name that the table has no city for, such as Antarctica/Troll or UTC.
  const exact = wanted === 'utc' || wanted === 'gmt' ? 'UTC' : typed.trim().replace(/\s+/g, '_');
  if (
    isZone(exact) &&
    exact.length > 2 &&
    !hits.some(({ zone }) => zone.toLowerCase() === exact.toLowerCase())
  )
    hits.unshift({ name: exact, zone: exact });
  return (hits.length > 0 ? hits : mistyped(wanted)).slice(0, limit);
}

/** The cities that one slip of the finger lies between. */
function mistyped(wanted: string): { name: string; zone: string }[] {
  if (wanted.length < 4 || wanted.length > 40) return [];
  return cities
    .filter((city) => namesOf(city).some((name) => editDistance(wanted, name) === 1))
    .map(({ name, zone }) => ({ name, zone }));
}

const namesOf = ({ name }: City) => [name, ...(alsoCalled.get(name) ?? [])].map(fold);

const languages: Record<string, string> = {
  de: 'Europe/Berlin',
  fr: 'Europe/Paris',
  it: 'Europe/Rome',
  es: 'Europe/Madrid',
  nl: 'Europe/Amsterdam',
  pl: 'Europe/Warsaw',
  cs: 'Europe/Prague',
  sk: 'Europe/Bratislava',
  hu: 'Europe/Budapest',
  ro: 'Europe/Bucharest',
  bg: 'Europe/Sofia',
  el: 'Europe/Athens',
  tr: 'Europe/Istanbul',
  uk: 'Europe/Kyiv',
  ru: 'Europe/Moscow',
  be: 'Europe/Minsk',
  fi: 'Europe/Helsinki',
  sv: 'Europe/Stockholm',
  nb: 'Europe/Oslo',
  no: 'Europe/Oslo',
  da: 'Europe/Copenhagen',
  et: 'Europe/Tallinn',
  lv: 'Europe/Riga',
  lt: 'Europe/Vilnius',
  sr: 'Europe/Belgrade',
  hr: 'Europe/Zagreb',
  sl: 'Europe/Ljubljana',
  'pt-br': 'America/Sao_Paulo',
  pt: 'Europe/Lisbon',
  ja: 'Asia/Tokyo',
  ko: 'Asia/Seoul',
  zh: 'Asia/Shanghai',
  'zh-hans': 'Asia/Shanghai',
  'zh-hant': 'Asia/Taipei',
  hi: 'Asia/Kolkata',
  fa: 'Asia/Tehran',
  he: 'Asia/Jerusalem',
  id: 'Asia/Jakarta',
  ms: 'Asia/Kuala_Lumpur',
  th: 'Asia/Bangkok',
  vi: 'Asia/Ho_Chi_Minh',
  uz: 'Asia/Tashkent',
  'en-gb': 'Europe/London',
};

/** A first guess from the language of someone's app, or undefined where it says nothing. */
export function zoneOfLanguage(language: string | undefined): string | undefined {
  const known = language?.toLowerCase() ?? '';
  return languages[known] ?? languages[known.split('-')[0]!];
}

function angle(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const rad = Math.PI / 180;
  const half = (a: number) => Math.sin((a * rad) / 2) ** 2;
  return half(lat2 - lat1) + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * half(lon2 - lon1);
}

function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[_\s]+/g, ' ')
    .trim();
}

const nowhere = 3;

function rank(name: string, wanted: string): number {
  if (name === wanted) return 0;
  return name.startsWith(wanted) ? 1 : name.includes(wanted) ? 2 : nowhere;
}
