"""What merchants call the canonical columns in other languages than English, plain: no marks, blanks or accents."""

from __future__ import annotations

# Feed -> canonical column -> names in German; French; Spanish; Portuguese; Italian; Dutch, the surest of each first.
WORDS: dict[str, dict[str, str]] = {
    "customers": {
        "customer_id": "kundennummer kundennr kundenid kunde numeroclient numclient idclient codeclient client"
        " numerocliente idcliente codigocliente cliente codicecliente klantnummer klantid klant",
        "email": "emailadresse courriel adresseemail adressemail correoelectronico correo correioeletronico"
        " indirizzoemail emailadres",
        "first_name": "vorname prenom nombre primeironome voornaam",
        "last_name": "nachname familienname nomdefamille apellido apellidos sobrenome apelido cognome achternaam",
        "company_name": "firma firmenname unternehmen societe entreprise raisonsociale empresa razonsocial razaosocial"
        " azienda ragionesociale bedrijf bedrijfsnaam",
        "phone": "telefon telefonnummer mobil handy telephone numerotelephone telefono movil telefone celular cellulare"
        " telefoon telefoonnummer",
        "birth_date": "geburtsdatum geburtstag datedenaissance datenaissance fechadenacimiento fechanacimiento"
        " datadenascimento datanascimento datadinascita geboortedatum",
        "gender": "geschlecht sexe sexo genero sesso genere geslacht",
        "customer_segment": "kundengruppe kundensegment groupeclient grupocliente grupodecliente gruppocliente"
        " klantgroep",
        "signed_up_on": "registriertam anmeldedatum kundeseit dateinscription fecharegistro fechadealta datacadastro"
        " dataderegisto dataregistrazione registratiedatum aanmelddatum",
        "address": "adresse strasse strassehausnummer rue direccion calle endereco morada rua indirizzo via adres"
        " straat",
        "postal_code": "plz postleitzahl codepostal codigopostal cp cep codicepostale cap postcode",
        "city": "ort stadt wohnort ville ciudad poblacion cidade citta comune plaats woonplaats stad",
        "region": "bundesland departement provincia estado provincie regio regione",
        "country_name": "land landcode laendercode pays codepays pais codigopais codicepaese paese nazione",
    },
    "products": {
        "product_id": "artikelnummer artikelnr artnr artikelid produktnummer produktid artikel referenceproduit"
        " codeproduit referencearticle codearticle reference idproduit referencia codigoproducto idproducto codigo"
        " codigoproduto idproduto codicearticolo codiceprodotto idprodotto productnummer productcode",
        "product_name": "artikelbezeichnung artikelname produktname bezeichnung nomproduit nomduproduit designation"
        " libelle nombreproducto nombredelproducto nomeproduto nomedoproduto descricao descripcion nomeprodotto"
        " descrizione productnaam artikelnaam omschrijving",
        "category": "kategorie warengruppe produktgruppe categorie categoria familia reparto artikelgroep productgroep",
        "subcategory": "unterkategorie untergruppe souscategorie subcategoria sottocategoria subcategorie",
        "brand": "marke hersteller marque fabricant marca fabricante produttore merk fabrikant",
        "unit_cost": "einkaufspreis ekpreis ek prixachat prixdachat coutunitaire preciocompra coste precocompra custo"
        " custounitario prezzoacquisto costo inkoopprijs kostprijs",
        "list_price": "verkaufspreis vkpreis listenpreis prixdevente prixpublic precioventa preciolista precovenda"
        " precotabela prezzodivendita prezzolistino verkoopprijs adviesprijs",
        "currency": "waehrung wahrung devise monnaie moneda divisa moeda valuta",
    },
    "order_lines": {
        "order_id": "bestellnummer bestellnr bestellid auftragsnummer auftragsnr rechnungsnummer rechnungsnr"
        " belegnummer bonnummer bestellung numerocommande numerodecommande nocommande numcommande"
        " idcommande referencecommande commande numerofacture facture numeropedido numerodepedido"
        " idpedido pedido numerofactura factura codigopedido numerodopedido encomenda"
        " numeroencomenda numeroordine idordine ordine numerofattura fattura ordernummer"
        " bestelnummer factuurnummer bestelling",
        "line_number": "position positionsnummer positionsnr posnr zeilennummer ligne numeroligne numerodeligne linea"
        " numerolinea numerodelinea linha numerolinha riga numeroriga regel regelnummer",
        "customer_id": "kundennummer kundennr kundenid kunde numeroclient numclient idclient codeclient client"
        " numerocliente idcliente codigocliente cliente codicecliente klantnummer klantid klant",
        "product_id": "artikelnummer artikelnr artnr artikelid produktnummer produktid artikel produkt referenceproduit"
        " codeproduit referencearticle codearticle reference idproduit article produit referencia codigoproducto"
        " idproducto articulo producto codigoproduto idproduto produto codicearticolo codiceprodotto idprodotto"
        " articolo prodotto productnummer",
        "ordered_at": "bestelldatum bestelltam auftragsdatum rechnungsdatum belegdatum kaufdatum datum zeitpunkt"
        " datecommande datedecommande datefacture dateachat fechapedido fechadepedido fechafactura fechacompra fecha"
        " datapedido datadopedido datadacompra datacompra dataencomenda data dataordine datafattura dataacquisto"
        " orderdatum besteldatum factuurdatum",
        "order_status": "bestellstatus auftragsstatus statut statutcommande etat estadopedido estado situacao stato"
        " statoordine orderstatus bestelstatus",
        "payment_method": "zahlungsart zahlungsmethode zahlungsweise bezahlart modedepaiement moyendepaiement paiement"
        " metododepago formadepago metodopago formadepagamento metodopagamento metododipagamento betaalmethode"
        " betaalwijze",
        "sales_channel": "verkaufskanal vertriebskanal kanal canaldevente canal canaldeventa canaldevenda"
        " canaledivendita canale verkoopkanaal kanaal",
        "quantity": "menge anzahl stueck stuck stueckzahl quantite qte nombre cantidad unidades quantidade qtde"
        " quantita qta pezzi aantal hoeveelheid",
        "unit_price": "einzelpreis stueckpreis stuckpreis preis prixunitaire prixunitairettc prixunitaireht prix"
        " preciounitario precio precounitario preco prezzounitario prezzo stuksprijs eenheidsprijs prijs",
        "discount": "rabatt rabattbetrag nachlass remise reduction rabais montantremise descuento importedescuento"
        " desconto valordesconto sconto importosconto korting kortingsbedrag",
        "currency": "waehrung wahrung devise monnaie moneda divisa moeda valuta",
        "promised_at": "liefertermin zugesagteslieferdatum datelivraisonprevue fechaentregaprevista previsaoentrega"
        " dataconsegnaprevista verwachteleverdatum",
        "delivered_at": "lieferdatum geliefertam zugestelltam datelivraison datedelivraison fechaentrega"
        " fechadeentrega dataentrega dataconsegna leverdatum",
        "ship_country_name": "lieferland land pays payslivraison paysdelivraison pais paisenvio paisdeenvio"
        " paisentrega paese paesespedizione paesedispedizione verzendland",
        "ship_region": "lieferregion bundesland regionlivraison provinciaenvio estadoentrega provinciaspedizione",
        "ship_city": "lieferort lieferstadt villelivraison villedelivraison ciudadenvio ciudaddeenvio cidadeentrega"
        " cittaspedizione cittadispedizione verzendplaats",
        "ship_postal_code": "lieferplz codepostallivraison codigopostalenvio cepentrega capspedizione verzendpostcode",
    },
    "returns": {
        "return_id": "retourennummer ruecksendenummer gutschriftnummer numeroretour numeroavoir iddevolucion"
        " numerodevolucion devolucao numerodevolucao numeroreso retournummer",
        "order_id": "bestellnummer bestellnr auftragsnummer rechnungsnummer numerocommande numerodecommande"
        " numeropedido numerodepedido idpedido pedido numeroordine idordine ordernummer"
        " bestelnummer",
        "line_number": "position positionsnummer ligne linea linha riga regel",
        "customer_id": "kundennummer kundennr kunde numeroclient client numerocliente cliente codicecliente"
        " klantnummer klant",
        "product_id": "artikelnummer artikelnr artikel referenceproduit codeproduit article referencia codigoproducto"
        " producto codigoproduto produto codicearticolo articolo prodotto",
        "returned_at": "retourdatum ruecksendedatum erstattungsdatum erstattetam dateretour dateremboursement"
        " fechadevolucion fechareembolso datadevolucao datareembolso datareso datarimborso",
        "quantity": "menge anzahl quantite qte cantidad quantidade quantita aantal",
        "refund_amount": "erstattungsbetrag erstattung montantrembourse remboursement importereembolso reembolso"
        " valorreembolso importorimborso rimborso terugbetaling",
        "currency": "waehrung wahrung devise monnaie moneda divisa moeda valuta",
        "reason": "grund retourengrund raison motif motivo reden retourreden",
    },
    "payments": {
        "payment_id": "zahlungsnummer zahlungsid idpaiement numeropaiement idpago numeropago idpagamento"
        " numeropagamento betalingsnummer",
        "order_id": "bestellnummer bestellnr auftragsnummer rechnungsnummer numerocommande numerodecommande"
        " numeropedido idpedido pedido numeroordine idordine ordernummer bestelnummer",
        "paid_at": "zahlungsdatum bezahltam datepaiement datedepaiement fechapago fechadepago datapagamento"
        " betaaldatum betalingsdatum",
        "payment_method": "zahlungsart zahlungsmethode bezahlart modedepaiement moyendepaiement metododepago"
        " formadepago formadepagamento metodopagamento betaalmethode betaalwijze",
        "payment_status": "zahlungsstatus statutpaiement estadopago statuspagamento statopagamento betaalstatus",
        "amount": "betrag montant importe valor importo bedrag",
        "currency": "waehrung wahrung devise monnaie moneda divisa moeda valuta",
    },
    "campaigns": {
        "campaign_id": "kampagne kampagnennummer campagne campana campanha campagna",
        "campaign_name": "kampagnenname nomcampagne nombrecampana nomecampanha nomecampagna campagnenaam",
        "started_on": "beginn datedebut fechainicio datainicio datainizio startdatum",
        "ended_on": "ende datefin fechafin datafim datafine einddatum",
    },
    "campaign_spend": {
        "campaign_id": "kampagne kampagnennummer campagne campana campanha campagna",
        "spend_date": "datum tag fecha dia data giorno dag jour",
        "amount": "kosten ausgaben depense cout gasto coste gasto custo spesa costo uitgaven",
        "clicks": "klicks clics cliques clic klikken",
    },
    "fx_rates": {
        "currency": "waehrung wahrung devise monnaie moneda divisa moeda valuta",
        "rate_date": "datum fecha data",
        "exchange_rate": "wechselkurs kurs tauxdechange taux tipodecambio tasa taxadecambio cambio tassodicambio"
        " wisselkoers koers",
    },
}
STATUS_WORDS: dict[str, str] = {
    "completed": "abgeschlossen erledigt versandt versendet geliefert bezahlt termine terminee livre livree expediee"
    " paye payee completado entregado pagado enviado concluido entregue pago completato consegnato spedito pagato"
    " afgerond geleverd betaald verzonden",
    "cancelled": "storniert abgebrochen annule annulee cancelado cancelada anulado annullato annullata cancellato"
    " geannuleerd",
    "refunded": "erstattet zurueckgesendet retourniert rembourse remboursee retourne reembolsado devuelto devolvido"
    " rimborsato reso terugbetaald geretourneerd",
}
TOTAL_WORDS = frozenset(
    {
        "total", "totals", "grandtotal", "subtotal", "sum", "summe", "gesamt", "gesamtsumme", "zwischensumme",
        "insgesamt", "totaux", "totalgeneral", "sommetotale", "totalgeral", "suma", "soma", "totale", "totaal",
        "totali", "eindtotaal", "somme",
    }
)  # fmt: skip
"""What the first filled field of a row of totals says, plain."""
